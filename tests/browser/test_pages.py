"""The frame of the pages: signing in, the first tab, thumbs and languages."""

from playwright.sync_api import Browser, expect

from tests.browser.conftest import Look, looking

DESKTOP = Look("desktop", "en", "light")


def test_a_role_is_tried_with_one_press_and_left_again(
    browser: Browser, demonstration_address: str
) -> None:
    with looking(browser, demonstration_address, DESKTOP) as seen:
        seen.page.goto("/sign-in?to=/about")
        seen.page.locator("li", has_text="Donor").get_by_role("button", name="Sign in").click()
        expect(seen.page.locator(".handle")).to_have_text("donor-office")
        seen.page.get_by_role("button", name="Sign out").click()

        expect(seen.page.get_by_role("status")).to_have_text("You are signed out.")


def test_a_wrong_password_is_told_in_words_and_keeps_the_name(
    browser: Browser, demonstration_address: str
) -> None:
    with looking(browser, demonstration_address, DESKTOP) as seen:
        seen.page.goto("/sign-in")
        seen.page.get_by_label("Name or mailbox of the account").fill("donor-office")
        seen.page.get_by_label("Password", exact=True).fill("wrong")
        seen.page.locator("form.form").get_by_role("button", name="Sign in").click()

        expect(seen.page.get_by_role("alert")).to_contain_text("is not right")
        expect(seen.page.get_by_label("Name or mailbox")).to_have_value("donor-office")


def test_the_first_tab_leads_to_the_content(browser: Browser, demonstration_address: str) -> None:
    with looking(browser, demonstration_address, DESKTOP) as seen:
        seen.page.goto("/about")
        seen.page.keyboard.press("Tab")
        seen.page.keyboard.press("Enter")

        expect(seen.page.locator("main")).to_be_focused()


def test_every_control_is_large_enough_for_a_thumb(
    browser: Browser, demonstration_address: str
) -> None:
    look = Look("phone", "en", "light")
    with looking(browser, demonstration_address, look) as seen:
        seen.page.goto("/style-guide")
        controls = seen.page.locator(
            "button, a.button, summary, select, input:not([type=hidden]):not([type=radio])"
            ":not([type=checkbox]), .option, .top nav a, .foot nav a"
        )
        heights = controls.evaluate_all("all => all.map(e => e.getBoundingClientRect().height)")

    assert [height for height in heights if height < 44] == []


def test_choosing_a_language_turns_the_page_round(
    browser: Browser, demonstration_address: str
) -> None:
    with looking(browser, demonstration_address, DESKTOP) as seen:
        seen.page.goto("/about")
        seen.page.get_by_role("link", name="العربية").click()

        expect(seen.page.locator("html")).to_have_attribute("dir", "rtl")
        expect(seen.page).to_have_url(f"{demonstration_address}/about")
