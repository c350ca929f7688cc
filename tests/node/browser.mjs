// A real Chromium driven line by line: one JSON command on standard input, one JSON answer.
// tests/support/browser.py is the other side.

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

import { chromium } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";

/** The browser that is named, else the machine's own, else the one from npm (Linux only). */
async function findBrowser() {
  if (process.env.TOCSIN_CHROMIUM) return { executablePath: process.env.TOCSIN_CHROMIUM, args: [] };
  for (const name of NAMES) {
    try {
      return { executablePath: execFileSync("which", [name], { encoding: "utf8" }).trim(), args: [] };
    } catch {
      // Not this one.
    }
  }
  if (existsSync(MAC)) return { executablePath: MAC, args: [] };
  if (process.platform !== "linux") {
    throw new Error("no Chromium: install Chrome or Chromium, or set TOCSIN_CHROMIUM to its path");
  }
  const { default: packed } = await import("@sparticuz/chromium");
  return { executablePath: await packed.executablePath(), args: packed.args };
}

const require = createRequire(import.meta.url);
const found = await findBrowser();
const browser = await chromium.launch({
  executablePath: found.executablePath,
  // The sandbox needs rights that containers and root lack; only our own pages are opened.
  args: [...found.args, "--no-sandbox", "--disable-dev-shm-usage"],
});
let page = null;
let problems = [];
let foreign = [];

const commands = {
  async open({ url, width = 1440, height = 900, scheme = "light" }) {
    await page?.context().close();
    problems = [];
    foreign = [];
    const context = await browser.newContext({
      viewport: { width, height }, colorScheme: scheme, timezoneId: "Europe/Kyiv",
    });
    page = await context.newPage();
    page.on("pageerror", (error) => problems.push(String(error)));
    page.on("console", (message) => {
      if (/Content.Security.Policy/i.test(message.text())) problems.push(message.text());
    });
    const home = new URL(url).origin;
    page.on("request", (request) => {
      if (!request.url().startsWith(home)) foreign.push(request.url());
    });
    await page.goto(url);
  },
  evaluate: ({ expression }) => page.evaluate(expression),
  wait: async ({ expression, seconds }) => {
    const start = performance.now();
    await page.waitForFunction(expression, null, { timeout: seconds * 1000, polling: 50 });
    return (performance.now() - start) / 1000;
  },
  click: ({ selector }) => page.click(selector),
  fill: ({ selector, text }) => page.fill(selector, text),
  select: ({ selector, value }) => page.selectOption(selector, value),
  press: ({ key }) => page.keyboard.press(key),
  reload: async () => { await page.reload(); },
  url: () => page.url(),
  problems: () => ({ problems, foreign }),
  screenshot: async ({ path, full = false }) => { await page.screenshot({ path, fullPage: full }); },
  axe: async () => {
    // Playwright evaluates past the page's Content-Security-Policy; a script element would not.
    await page.evaluate(readFileSync(require.resolve("axe-core/axe.min.js"), "utf8"));
    const { violations } = await page.evaluate(() => globalThis.axe.run());
    return violations.map((one) => ({
      id: one.id, impact: one.impact, nodes: one.nodes.map((node) => node.html.slice(0, 200)),
    }));
  },
};

process.stdout.write(`${JSON.stringify({ ready: browser.version() })}\n`);
for await (const line of createInterface({ input: process.stdin })) {
  const { command, ...options } = JSON.parse(line);
  let answer;
  try {
    answer = { value: (await commands[command](options)) ?? null };
  } catch (error) {
    answer = { error: String(error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
await browser.close();
