"""What the program is told from outside, by its settings file and the environment: read, checked and shown in one place."""

from kpiflow.web.settings.public import Provider, address_of, hosts_of, is_loopback, provider_of

__all__ = ["Provider", "address_of", "hosts_of", "is_loopback", "provider_of"]
