"""What is going on now is counted as it begins and ends."""

from bodhi.usage.activity import Activity
from bodhi.usage.experiments import Experiments
from bodhi.usage.model import ExperimentKind, ExperimentRecord, Record


def test_requests_in_flight_are_counted_by_alias() -> None:
    activity = Activity()
    activity.begin("a", 10.0)
    activity.begin("a", 11.0)
    activity.begin("b", 12.0)
    activity.end("a")
    assert (activity.in_flight("a"), activity.in_flight("b"), activity.in_flight("c")) == (1, 1, 0)
    activity.end("a")
    assert activity.all_in_flight == {"b": 1}
    assert activity.last_used("a") == 11.0


def test_what_is_recalled_of_earlier_runs_gives_way_to_what_was_seen_since() -> None:
    activity = Activity()
    activity.begin("a", 100.0)
    activity.recall({"a": 50.0, "b": 60.0})
    assert (activity.last_used("a"), activity.last_used("b")) == (100.0, 60.0)


def test_a_note_of_an_experiment_names_each_changed_field_once() -> None:
    notes: list[Record] = []
    fields = ["/request_params/top_p", "/chat_template", "/request_params/top_p"]
    Experiments(notes.append, lambda: 5.0).note(ExperimentKind.PUBLISH, "u1", fields)
    Experiments(notes.append, lambda: 6.0).note(ExperimentKind.TRIAL, None)
    first, second = notes
    assert isinstance(first, ExperimentRecord)
    assert isinstance(second, ExperimentRecord)
    assert first[1:] == (
        5.0, "publish", "u1", ("/request_params/top_p", "/chat_template"),
    )  # fmt: skip
    assert second[1:] == (6.0, "trial", "", ())
    assert first.experiment_id != second.experiment_id
