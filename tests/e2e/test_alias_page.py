"""One alias as a page: its versions, how it is used, what is like it; and the model files."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.browsing import Size, Theme, Visitor, visitor
from tests.e2e.homes import Place
from tests.support.server import RunningServer, wait_until


def test_a_version_is_compared_with_the_current_one_and_comes_back(
    desk: Visitor, place: Place, server: RunningServer
) -> None:
    file = place.home / "aliases" / "llama3--roleplay.yaml"
    first = file.read_bytes()
    with server.http() as client:
        etag = client.get("/api/v1/aliases/llama3--roleplay").json()["etag"]
        edits = [{"path": ["request_params", "temperature"], "value": 1.4}]
        changed = client.patch(
            "/api/v1/aliases/llama3--roleplay",
            json={"edits": edits},
            headers={"If-Match": f'"{etag}"'},
        )
        assert changed.status_code == 200
    page = desk.open("/aliases/llama3--roleplay")
    page.get_by_role("tab", name="Versions").click()
    compared = page.get_by_role("region", name="From version 1 to version 2")
    expect(compared.get_by_role("row", name=re.compile("temperature"))).to_contain_text("1.4")
    expect(compared).to_contain_text("-  temperature: 1.1")
    assert desk.violations() == []
    page.get_by_role("button", name="Restore").click()
    expect(page.get_by_role("status")).to_have_text("Version 1 is back")
    assert file.read_bytes() == first


def test_a_program_s_request_can_be_copied_and_works(desk: Visitor, server: RunningServer) -> None:
    page = desk.open("/aliases/demo--short")
    page.get_by_role("tab", name="Use").click()
    shell = page.get_by_role("region", name="In a shell")
    expect(shell).to_contain_text(f"curl {server.address}/v1/chat/completions")
    expect(shell).to_contain_text('"model":"demo:short"')
    related = page.get_by_role("region", name="Related")
    expect(related.get_by_role("link", name="demo:precise")).to_be_visible()


def test_the_history_of_an_alias_is_drawn_with_its_figures(
    desk: Visitor, server: RunningServer
) -> None:
    server.openai().chat.completions.create(
        model="demo:creative", messages=[{"role": "user", "content": "Hello!"}]
    )

    def counted() -> bool:
        with server.http() as client:
            found = client.get("/api/v1/usage/aliases/demo--creative").json()
            return bool(found["figures"]["requests"] >= 1)

    assert wait_until(counted, 20)
    page = desk.open("/aliases/demo--creative")
    page.get_by_role("tab", name="Usage").click()
    expect(page.get_by_role("table", name="Requests over time")).to_have_count(1)
    expect(page.get_by_text("not enough data for a success rate")).to_be_visible()
    page.get_by_text("7 days").click()
    expect(page.get_by_text("Tokens answered")).to_be_visible()
    assert desk.violations() == []


def test_e03_a_quantization_is_chosen_and_an_alias_made_of_it(desk: Visitor, place: Place) -> None:
    page = desk.open("/models")
    repo = page.get_by_role("region", name="Quantizations of bartowski/Llama-3.2-3B-Instruct-GGUF")
    expect(repo.get_by_role("link", name=re.compile("^Q"))).to_have_count(2)
    repo.get_by_role("link", name=re.compile("^Q4_K_M")).click()
    details = page.get_by_role("region", name="Llama-3.2-3B-Instruct-Q4_K_M")
    expect(details).to_contain_text("131,072 tokens")
    expect(details.get_by_role("link", name="llama3:roleplay")).to_be_visible()
    assert desk.violations() == []
    details.get_by_role("link", name="Create alias").click()
    name = page.get_by_role("textbox", name="Name")
    expect(name).not_to_have_value("")  # a name is suggested
    name.fill("fresh:alias")
    page.get_by_role("button", name="Create", exact=True).click()
    expect(page).to_have_url(re.compile("/aliases/fresh--alias/edit"))
    made = place.home / "aliases" / "fresh--alias.yaml"
    assert "filename: Llama-3.2-3B-Instruct-Q4_K_M.gguf\n" in made.read_text()
    made.unlink()


@pytest.mark.parametrize(("size", "theme"), [("desk", "dark"), ("phone", "light")])
def test_everybody_can_use_these_screens(
    browser: Browser, server: RunningServer, size: Size, theme: Theme
) -> None:
    found = {}
    with visitor(browser, server.address, size, theme) as visiting:
        for path in ("/models", "/trash", "/aliases/new", "/aliases/coder/edit"):
            page = visiting.open(path)
            expect(page.get_by_role("heading", level=1)).to_be_visible()
            expect(page.locator("[aria-busy=true]")).to_have_count(0)
            found[path] = visiting.violations()
            assert visiting.sideways() == 0, path
    assert {path: one for path, one in found.items() if one} == {}


def test_a_download_says_how_far_it_is_and_a_wrong_one_why_it_cannot_be(desk: Visitor) -> None:
    job = {
        "id": "a",
        "kind": "download",
        "title": "owner/name:Q4_K_M",
        "state": "running",
        "done": 400_000_000,
        "total": 1_600_000_000,
        "can_cancel": True,
        "can_resume": False,
        "error": None,
    }
    stopped = {**job, "id": "b", "title": "owner/other:Q8_0", "state": "failed"}
    error = {"code": "x", "message": "The disk is full.", "remedy": "Make room."}
    stopped |= {"can_cancel": False, "can_resume": True, "error": error}
    desk.page.route("**/api/v1/jobs", lambda route: route.fulfill(json={"jobs": [job, stopped]}))
    desk.await_complaint("400")
    page = desk.open("/models")
    downloads = page.get_by_role("region", name="Downloads")
    bar = downloads.get_by_role("progressbar", name="Progress of owner/name:Q4_K_M")
    expect(bar).to_have_attribute("aria-valuenow", "25")
    expect(downloads).to_contain_text("381.5 MiB of 1.5 GiB")
    expect(downloads).to_contain_text(
        "Failed · 381.5 MiB of 1.5 GiB · The disk is full. Make room."
    )
    expect(downloads.get_by_role("progressbar")).to_have_count(1)
    expect(downloads.get_by_role("button", name="Cancel")).to_have_count(1)
    expect(downloads.get_by_role("button", name="Resume")).to_have_count(1)
    page.get_by_role("textbox", name="Download a model").fill("not a name")
    page.get_by_role("button", name="Download").click()
    expect(downloads).to_contain_text("A repository is written owner/name")
