"""Where measurements come from: files in the documented tidy form, read, checked and typed, never half-understood.

Floor 4: knows core and frames. Reads files; knows no store.
"""

from kpiflow.sources.rejects import write_rejects
from kpiflow.sources.rules import Known
from kpiflow.sources.tidy import READERS, Facts, Reading, read_tidy

__all__ = ["READERS", "Facts", "Known", "Reading", "read_tidy", "write_rejects"]
