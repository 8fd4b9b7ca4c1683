/* A review file made of our own texts, a server in front of it, and Debian's Chromium before that.
 *
 * Every page that is opened is watched: a request to anywhere else, a dialog, a script that the
 * Content-Security-Policy stopped, an error nobody caught; what it saw is an error of the test. */

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.join(here, '..', '..');
const build = path.resolve(root, process.env.RETORT_BUILD ?? 'build');
const retort = path.join(build, 'retort');
const models = process.env.RETORT_MODELS ?? path.join(root, 'models');
const require = createRequire(path.join(build, 'browser', 'package.json'));
const { chromium } = require('playwright-core');
const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const SHOTS = path.join(build, 'screenshots');

export const TOWN = path.join(root, 'tests', 'golden', 'sample.txt');

/* ---- the server ---- */

/* Answers { base, db, retort(...), kill(), start(), stop() }; texts: files that are stored first. */
export function serve(...texts) {
    return serveTo([], ...texts);
}

/* With an auth file for these people: [{ name, role, password }]. */
export async function serveTo(people, ...texts) {
    const directory = mkdtempSync(path.join(tmpdir(), 'retort-browser-'));
    const server = new Server(directory, path.join(directory, 'review.db'));
    if (texts.length > 0)
        server.retort('label', '--quiet', '-d', server.db, ...texts);
    for (const person of people)
        server.letIn(person);
    await server.start();
    return server;
}

class Server {
    constructor(directory, db) {
        Object.assign(this, { directory, db, listen: '127.0.0.1:0', options: ['--reviewer', 'ann'], base: null, process: null });
    }

    letIn({ name, role, password }) {
        const file = path.join(this.directory, 'retort.auth');
        execFileSync(retort, ['user', '--auth-file', file, '--role', role, 'add', name], { input: `${password}\n`, stdio: ['pipe', 'ignore', 'inherit'] });
        this.options = ['--auth-file', file];
    }

    retort(...words) {
        return execFileSync(retort, words, { env: { ...process.env, RETORT_MODELS: models }, encoding: 'utf8', maxBuffer: 1 << 28 });
    }

    /* The first start takes any port, the next the same one again. */
    async start() {
        const words = ['serve', '-d', this.db, '--models', models, '--listen', this.listen, ...this.options];
        this.process = spawn(retort, words, { stdio: ['ignore', 'pipe', 'inherit'] });
        this.ended = new Promise((resolve) => this.process.once('exit', (code, signal) => resolve(signal ?? code)));
        this.base = await firstAddress(this.process.stdout);
        this.listen = this.base.slice('http://'.length);
    }

    async kill() {
        this.process.kill('SIGKILL');
        await this.ended;
    }

    async stop() {
        this.process.kill('SIGTERM');
        const code = await this.ended;
        rmSync(this.directory, { recursive: true, force: true });
        assert.equal(code, 0, 'the server ends cleanly');
    }
}

async function firstAddress(stream) {
    let text = '';
    for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
        text += chunk;
        const found = /http:\/\/[0-9.]+:\d+/.exec(text);
        if (found) {
            stream.resume();
            return found[0];
        }
    }
    throw new Error(`the server did not start: ${text}`);
}

/* ---- the browser ---- */

export function launch() {
    return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
}

/* One person at one screen: a context of their own, with a page in it. name null: they sign in themselves. */
export async function sit(browser, base, { name = 'ann', width = 1280, height = 860, ...look } = {}) {
    const context = await browser.newContext({ baseURL: base, viewport: { width, height }, ...look });
    const page = await context.newPage();
    const watch = { elsewhere: [], dialogs: [], violations: [], errors: [], asked: new Set() };
    watchPage(page, base, watch);
    await page.goto('/queue');
    if (name)
        await signIn(page, name);
    return { context, page, watch };
}

/* Without an auth file, a person is who they say they are. */
async function signIn(page, name) {
    const status = await page.evaluate(async (user) => {
        const { token } = await (await fetch('/api/session')).json();
        const headers = { 'Content-Type': 'application/json', 'X-Retort-Token': token };
        return (await fetch('/api/session', { method: 'POST', headers, body: JSON.stringify({ name: user }) })).status;
    }, name);
    assert.equal(status, 200, `${name} signs in`);
    await page.reload();
}

function watchPage(page, base, watch) {
    page.setDefaultTimeout(20000);
    page.on('request', (request) => {
        if (!request.url().startsWith(`${base}/`) && !/^(?:data|blob|about):/.test(request.url()))
            watch.elsewhere.push(request.url());
        const { pathname } = new URL(request.url());
        if (pathname.startsWith('/api/'))
            watch.asked.add(`${request.method().toLowerCase()} ${pathname.replace(/\/\d+/g, '/{id}')}`);
    });
    page.on('dialog', (dialog) => {
        watch.dialogs.push(dialog.message());
        dialog.dismiss();
    });
    page.on('pageerror', (error) => watch.errors.push(error.stack));
    page.on('console', (message) => {
        if (/Content Security Policy/i.test(message.text()))
            watch.violations.push(message.text());
    });
}

export function assertNothingSeen({ asked, ...watch }) {
    assert.deepEqual(watch, { elsewhere: [], dialogs: [], violations: [], errors: [] });
}

/* All that the page asked of the server stands in the description that the server gives of itself. */
export async function assertDescribed(base, { asked }) {
    const { paths } = await (await fetch(`${base}/api/openapi.json`)).json();
    const described = new Set(Object.entries(paths).flatMap(([where, methods]) => Object.keys(methods).map((method) => `${method} ${where}`)));
    assert.ok(asked.size > 0);
    assert.deepEqual([...asked].filter((each) => !described.has(each)), []);
}

/* What axe-core finds, one line each. It is evaluated by the debugger, past the page's own policy. */
export async function axe(page) {
    await page.evaluate(AXE);
    const { violations } = await page.evaluate(() => globalThis.axe.run(document, {
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    }));
    return violations.flatMap(({ id, nodes }) => nodes.slice(0, 3).map(({ html, failureSummary }) =>
        `${id}: ${html.slice(0, 200)}: ${failureSummary.replaceAll('\n', ' ')}`));
}

export async function screenshot(page, name, options = {}) {
    mkdirSync(SHOTS, { recursive: true });
    await page.screenshot({ path: path.join(SHOTS, `${name}.png`), animations: 'disabled', ...options });
}

/* Waits for a message at the foot of the page. */
export function said(page, text) {
    return page.locator('.toast', { hasText: text }).waitFor();
}

export function api(page, address) {
    return page.evaluate(async (where) => (await fetch(where)).json(), address);
}

/* A text of ours as a file, for what takes files. */
export function write(directory, name, text) {
    const file = path.join(directory, name);
    writeFileSync(file, text);
    return file;
}
