"""Open a report in headless Chromium: no console message of error, no request, every figure drawn.

Usage: check.py REPORT.html CHROMIUM [SCREENSHOT_FOLDER]
"""

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def check(page, address: str, width: int, shots: Path | None) -> list[str]:
    wrong: list[str] = []
    page.on("console", lambda m: wrong.append(f"console {m.type}: {m.text}") if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: wrong.append(f"script: {error}"))
    page.on("request", lambda r: wrong.append(f"request: {r.url}") if not expected(r.url, address) else None)
    page.on("dialog", lambda dialog: (wrong.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(address)
    page.wait_for_timeout(3_000)
    holders = page.locator("figure").count()
    drawn = page.locator("figure .main-svg >> visible=true").count()
    if holders == 0 or drawn < holders:
        wrong.append(f"{holders} figures, {drawn} drawings")
    # The page itself must not scroll sideways; wide tables scroll within.
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if overflow > 1:
        wrong.append(f"the page is {overflow} px wider than a window of {width} px")
    for heading in ("The answer", "Before and after", "Why not one step finer", "How to repeat it"):
        if page.get_by_role("heading", name=heading).count() != 1:
            wrong.append(f"no heading {heading!r}")
    if shots:
        page.screenshot(path=str(shots / f"report-{width}.png"), full_page=True)
    return [f"at {width} px: {what}" for what in wrong]


def expected(url: str, address: str) -> bool:
    return url == address or url.startswith(("data:", "blob:"))


def main() -> int:
    report, chromium = Path(sys.argv[1]).resolve(), sys.argv[2]
    shots = Path(sys.argv[3]) if len(sys.argv) > 3 else None
    wrong: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        for width in (1200, 420):
            page = browser.new_page()
            wrong += check(page, report.as_uri(), width, shots)
            page.close()
        browser.close()
    for what in wrong:
        print(what, file=sys.stderr)
    print(f"browser: {2 if not wrong else 0} widths clean, {len(wrong)} complaints")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
