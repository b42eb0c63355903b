// A phone that is driven line by line: JSON commands on stdin, one JSON answer each on stdout.
// node web/browser.mjs .cache/chromium; CHROMIUM names an installed one where that does not fit.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const home = resolve(process.argv[2]);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const PATIENCE = 30_000; // milliseconds

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || `${home}/chromium`,
  args: ["--no-sandbox", "--headless", "--disable-gpu", "--disable-dev-shm-usage", "--font-render-hinting=none"],
  env: { ...process.env, LD_LIBRARY_PATH: `${home}/lib:${home}/al2023/lib`, FONTCONFIG_FILE: `${home}/fonts.conf` },
});

let page, context, authenticator, session;
const counted = { taps: 0, prompts: 0, errors: [], asked: {} };

const doing = {
  /** A new phone, with nothing kept; its authenticator has the PRF extension unless `prf` is false. */
  async phone({ locale = "ja-JP", prf = true }) {
    await context?.close();
    Object.assign(counted, { taps: 0, prompts: 0, errors: [], asked: {} });
    context = await browser.newContext({
      locale,
      timezoneId: "Asia/Tokyo",
      viewport: { width: 390, height: 844 },
      deviceScaleFactor: 2,
      isMobile: true,
      hasTouch: true,
    });
    context.setDefaultTimeout(PATIENCE);
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    page = await context.newPage();
    page.on("request", (request) => {
      const { origin, protocol } = new URL(request.url());
      if (protocol === "data:") return;
      counted.asked[protocol === "file:" ? "file:" : origin] = true;
    });
    page.on("pageerror", (error) => counted.errors.push(String(error)));
    page.on("console", (message) => message.type() === "error" && counted.errors.push(message.text()));
    page.on("dialog", (dialog) => (counted.errors.push(`dialog: ${dialog.message()}`), dialog.dismiss()));
    session = await context.newCDPSession(page);
    await session.send("WebAuthn.enable");
    for (const event of ["credentialAdded", "credentialAsserted"]) session.on(`WebAuthn.${event}`, () => counted.prompts++);
    const options = { protocol: "ctap2", ctap2Version: "ctap2_1", transport: "internal", hasResidentKey: true };
    const person = { hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true };
    const added = await session.send("WebAuthn.addVirtualAuthenticator", { options: { ...options, ...person, hasPrf: prf } });
    authenticator = added.authenticatorId;
  },
  /** Whether the person holds a finger on it. */
  person: ({ agrees }) => session.send("WebAuthn.setUserVerified", { authenticatorId: authenticator, isUserVerified: agrees }),
  before: ({ script }) => context.addInitScript(script),
  open: ({ url }) => page.goto(url),
  reload: () => page.reload(),
  async tap({ name, role = "button" }) {
    await page.getByRole(role, { name, exact: true }).tap();
    counted.taps++;
  },
  /** With the keyboard alone: to the thing of this name, then Enter. */
  async press({ name }) {
    for (let step = 0; step < 60; step++) {
      await page.keyboard.press("Tab");
      if ((await page.evaluate(() => document.activeElement?.textContent?.trim())) === name) return page.keyboard.press("Enter");
    }
    throw new Error(`the keyboard does not reach ${name}`);
  },
  type: ({ label, text }) => page.getByLabel(label).fill(text),
  choose: ({ label, path }) => page.getByLabel(label).setInputFiles(path),
  /** What a link gives to be saved. */
  async download({ name }) {
    const [given] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name, exact: true }).tap()]);
    return readFileSync(await given.path(), "utf8");
  },
  open_details: ({ selector }) => page.locator(selector).evaluate((details) => void (details.open = true)),
  /** What went wrong so far was meant to. */
  forget: () => void Object.assign(counted, { errors: [], asked: {} }),
  /** Until nothing is being read. */
  settled: () => page.locator(".waiting").waitFor({ state: "hidden" }),
  see: ({ text }) => page.getByText(text).first().waitFor(),
  see_that: ({ selector }) => page.locator(selector).first().waitFor(),
  text: ({ selector = "body" }) => page.locator(selector).first().innerText(),
  framed: () => page.frameLocator("iframe").locator("h1").waitFor().then(() => page.frameLocator("iframe").locator("body").innerText()),
  count: ({ selector }) => page.locator(selector).count(),
  clipboard: () => page.evaluate(() => navigator.clipboard.readText()),
  evaluate: ({ script }) => page.evaluate(script),
  width: () => page.evaluate(() => document.documentElement.scrollWidth),
  shot: ({ path, whole = true }) => page.screenshot({ path, fullPage: whole }).then(() => path),
  /** Screens side by side, as a small picture for people who read about it. */
  async picture({ screens, path }) {
    const sheet = await browser.newPage({ viewport: { width: 840, height: 590 } });
    const images = screens.map((each) => `<img src="data:image/png;base64,${readFileSync(each, "base64")}">`).join("");
    const style = "body{display:flex;gap:15px;margin:15px;background:#d9cdb4}img{width:260px;height:560px;border-radius:18px}";
    await sheet.setContent(`<style>${style}</style>${images}`);
    await sheet.screenshot({ path, type: "jpeg", quality: 72 });
    await sheet.close();
  },
  async axe() {
    await page.evaluate(axe);
    const found = await page.evaluate(() => globalThis.axe.run());
    return found.violations.map((each) => `${each.id}: ${each.nodes.map((node) => node.html).join(" ")}`);
  },
  so_far: () => ({ ...counted, asked: Object.keys(counted.asked) }),
};

console.log(JSON.stringify({ said: browser.version() }));
for await (const line of createInterface({ input: process.stdin })) {
  const { do: name, ...given } = JSON.parse(line);
  try {
    console.log(JSON.stringify({ said: (await doing[name](given)) ?? null }));
  } catch (error) {
    console.log(JSON.stringify({ failed: `${name}: ${error.message ?? error}` }));
  }
}
await browser.close();
