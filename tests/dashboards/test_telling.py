"""What was pressed is told once on the page that runs next, and why it was not done never looks like something done."""

from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from dashboards import closing_forms, letter_forms, pay_forms
from kpiflow.errors import Refused
from kpiflow.workspace import msg


def page() -> None:
    import streamlit as st

    from dashboards import telling
    from kpiflow.workspace import msg

    telling.told("en")
    name = "[here](https://a.example)"
    st.button(
        "do", on_click=lambda: telling.tell(msg("“{name}” is closed. Its versions stay in the store.", name=name))
    )
    st.button("fail", on_click=lambda: telling.tell_failure(msg("Say why the plan is changed.")))
    st.button("look")


def test_it_is_told_once_and_a_failure_is_told_as_one():
    shown = AppTest.from_function(page).run()
    assert not shown.success
    assert not shown.error
    shown.button[0].click().run()
    assert [one.value for one in shown.success] == [
        "“\\[here\\](https\\://a.example)” is closed. Its versions stay in the store."
    ]
    assert not shown.error
    shown.button[1].click().run()
    assert not shown.success
    assert [one.value for one in shown.error] == ["Say why the plan is changed."]
    shown.button[2].click().run()
    assert not shown.success
    assert not shown.error


def form() -> None:
    import streamlit as st

    from dashboards import telling
    from kpiflow.workspace import msg

    def make() -> None:
        if not st.session_state["name"]:
            telling.tell_failure(msg("A name is missing."))
            return
        telling.emptied("name", "scopes")
        telling.tell(msg("Made."))

    telling.told("en")
    with st.form("new"):
        st.text_input("Name", key="name")
        st.multiselect("Scopes", ["read", "write"], key="scopes")
        st.form_submit_button("Make", on_click=make)


def test_a_form_keeps_what_was_written_after_a_refusal_and_is_empty_once_it_is_done():
    shown = AppTest.from_function(form).run()
    shown.multiselect(key="scopes").select("read")
    shown.button[0].click().run()
    assert shown.error[0].value == "A name is missing."
    assert shown.multiselect(key="scopes").value == ["read"], "nothing has to be chosen again"
    shown.text_input(key="name").input("payroll")
    shown.button[0].click().run()
    assert shown.success[0].value == "Made."
    assert (shown.text_input(key="name").value, shown.multiselect(key="scopes").value) == ("", [])


class Refusing:
    """A workspace that refuses whatever is asked of it."""

    def __getattr__(self, name: str):
        def refuse(*_: object, **__: object) -> None:
            raise Refused(msg("Only {role} may do this.", role=name))

        return refuse


@pytest.mark.parametrize(
    "press", [closing_forms.look, closing_forms.confirm, closing_forms.withdraw, letter_forms.draw_up, pay_forms._run]
)
def test_what_was_refused_is_kept_as_a_failure(monkeypatch, press):
    kept: dict[str, object] = {"pay plan": "p", "pay budget": None}
    monkeypatch.setattr("streamlit.session_state", kept)
    shown = SimpleNamespace(period="2013", owner_kind="unit", owner="u", cycle="2013")
    asked = SimpleNamespace(ws=Refusing(), asker=None, period="2013", as_of=None)
    given = (asked,) if press is pay_forms._run else (shown, asked)
    press(*given)
    assert kept["told"][1] is False, press.__name__
