"""Open a page in headless Chromium: no console message of error, no request, no overflow, every figure drawn.

Usage: check.py report|ledger PAGE.html CHROMIUM [SCREENSHOT_FOLDER]
"""

import sys
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Kind:
    """What a page must hold."""

    name: str
    figures: bool
    headings: tuple[str, ...]


KINDS = {
    "report": Kind("report", True, ("The answer", "Before and after", "Why not one step finer", "How to repeat it")),
    "ledger": Kind("ledger", False, ("In short", "Every field", "Switches", "How pings leave", "Nothing else")),
}


def check(page, address: str, kind: Kind, width: int, shots: Path | None) -> list[str]:
    wrong: list[str] = []
    page.on("console", lambda m: wrong.append(f"console {m.type}: {m.text}") if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: wrong.append(f"script: {error}"))
    page.on("request", lambda r: wrong.append(f"request: {r.url}") if not expected(r.url, address) else None)
    page.on("dialog", lambda dialog: (wrong.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(address)
    page.wait_for_timeout(3_000 if kind.figures else 500)
    holders = page.locator("figure").count()
    drawn = page.locator("figure .main-svg >> visible=true").count()
    if kind.figures and (holders == 0 or drawn < holders):
        wrong.append(f"{holders} figures, {drawn} drawings")
    scripts = page.locator("script").count()
    if not kind.figures and scripts + holders > 0:
        wrong.append(f"a page without figures has {scripts} scripts and {holders} figures")
    # The page itself must not scroll sideways; wide tables scroll within.
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if overflow > 1:
        wrong.append(f"the page is {overflow} px wider than a window of {width} px")
    for heading in kind.headings:
        if page.get_by_role("heading", name=heading, exact=True).count() != 1:
            wrong.append(f"no heading {heading!r}")
    unnamed = page.evaluate("[...document.querySelectorAll('table')].filter(t => !t.caption?.textContent.trim()).length")
    if unnamed:
        wrong.append(f"{unnamed} tables have no caption")
    dead = page.evaluate(
        "[...document.querySelectorAll('a')].map(a => a.getAttribute('href'))"
        ".filter(to => !to.startsWith('#') || !document.getElementById(to.slice(1)))"
    )
    if dead:
        wrong.append(f"links that lead nowhere in the page: {dead}")
    faint = page.evaluate(CONTRAST)
    if faint:
        wrong.append(f"text of too little contrast: {faint}")
    # The first stop of the keyboard leads past the contents.
    page.keyboard.press("Tab")
    if page.evaluate("document.activeElement.getAttribute('href')") != "#main":
        wrong.append("the first Tab does not reach the link to the text")
    if shots:
        page.screenshot(path=str(shots / f"{kind.name}-{width}.png"), full_page=True)
    return [f"at {width} px: {what}" for what in wrong]


# Text and background of everything that holds text outside figures, by WCAG 2: under 4.5 is too little.
CONTRAST = """
() => {
  const channels = color => color.match(/[\\d.]+/g).map(Number);
  const luminance = color => channels(color).slice(0, 3).map(c => c / 255)
    .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = e => {
    for (; e; e = e.parentElement) {
      const color = getComputedStyle(e).backgroundColor;
      if ((channels(color)[3] ?? 1) > 0) return color;
    }
    return getComputedStyle(document.documentElement).colorScheme.includes('dark') ? 'rgb(0,0,0)' : 'rgb(255,255,255)';
  };
  const holds = e => [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
  return [...document.body.querySelectorAll('*')]
    .filter(e => holds(e) && !e.closest('figure, script, noscript'))
    .map(e => {
      const [a, b] = [luminance(getComputedStyle(e).color), luminance(behind(e))].sort((x, y) => y - x);
      return [(a + 0.05) / (b + 0.05), e];
    })
    .filter(([ratio]) => ratio < 4.5)
    .map(([ratio, e]) => `${e.tagName} ${e.textContent.slice(0, 30)} ${ratio.toFixed(2)}`)
    .slice(0, 5);
}
"""


def expected(url: str, address: str) -> bool:
    return url == address or url.startswith(("data:", "blob:"))


def main() -> int:
    kind, report, chromium = KINDS[sys.argv[1]], Path(sys.argv[2]).resolve(), sys.argv[3]
    shots = Path(sys.argv[4]) if len(sys.argv) > 4 else None
    wrong: list[str] = []
    views = [(1200, "light"), (390, "light"), (1200, "dark")]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        for width, scheme in views:
            page = browser.new_page(color_scheme=scheme)
            wrong += [f"{scheme}, {what}" for what in check(page, report.as_uri(), kind, width, shots)]
            page.close()
        browser.close()
    for what in wrong:
        print(what, file=sys.stderr)
    print(f"browser: {kind.name}, {len(views)} views, {len(wrong)} complaints")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
