/* The server is killed in the middle of a sitting and started again: what was decided meanwhile waits
 * in the browser and arrives, once. */

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import { api, launch, serve, sit, TOWN } from './harness.mjs';

const idOf = (page) => Number(/\/comment\/(\d+)/.exec(page.url())?.[1] ?? 0);

describe('a server killed', () => {
    let server, browser, page, watch;
    let fetched = 0; /* comments handed out */

    before(async () => {
        server = await serve(TOWN);
        browser = await launch();
        ({ page, watch } = await sit(browser, server.base, { name: 'bob' })); /* not whom the server takes us for */
        page.on('requestfinished', (request) => { fetched += request.url().endsWith('/api/next'); });
    });
    after(async () => {
        await browser?.close();
        await server?.stop();
    });

    /* The comment shown and the one after it are here, and all that was decided has arrived. */
    async function begin() {
        fetched = 0;
        await page.goto('/queue?task=tone');
        await page.locator('.item').first().waitFor();
        await page.keyboard.press('z');
        await page.waitForURL(/\/comment\/\d+/);
        await settle(2);
    }

    async function settle(number) {
        for (let tries = 0; fetched < number && tries < 400; tries++)
            await page.waitForTimeout(50);
        await page.waitForFunction(() => !Object.keys(localStorage).some((key) => key.startsWith('retort.outbox.')));
    }

    async function accept() {
        const id = idOf(page);
        await page.locator('.comment-text').waitFor();
        await page.keyboard.press('a');
        await page.waitForFunction((was) => !location.pathname.endsWith(`/${was}`), id);
        return id;
    }

    test('loses no decision, and stores none twice', async () => {
        await begin();
        const decided = [await accept(), await accept()];
        await settle(4);

        await server.kill();
        decided.push(await accept());
        await page.locator('.comment-text').waitFor();
        decided.push(idOf(page));
        await page.keyboard.press('a');
        await page.getByRole('button', { name: /^2 .* not sent yet/ }).waitFor();

        await page.getByRole('button', { name: /not sent yet/ }).click();
        assert.equal(await page.getByRole('dialog').locator('.outbox li').count(), 2);
        await page.keyboard.press('Escape');
        await server.start();
        await page.getByRole('button', { name: /not sent yet/ }).waitFor({ state: 'detached', timeout: 60000 });
        const { decisions } = await api(page, '/api/decisions?limit=200');
        assert.deepEqual(decisions.map(({ comment }) => comment).reverse(), decided);
        assert.deepEqual([...new Set(decisions.map(({ reviewer }) => reviewer))], ['bob']);
    });

    test('the sitting goes on', async () => {
        await begin();
        await accept();
        await page.waitForFunction(async () => (await (await fetch('/api/decisions')).json()).decisions.length === 5);
        assert.deepEqual(watch.errors, []);
    });

    test('what waits outlives a reload and arrives by itself', async () => {
        await begin();
        await server.kill();
        await page.keyboard.press('a');
        await page.getByRole('button', { name: /^1 .* not sent yet/ }).waitFor();
        await server.start();
        await page.reload();
        await page.waitForFunction(async () => (await (await fetch('/api/decisions')).json()).decisions.filter(({ reviewer }) => reviewer === 'bob').length === 6);
        await page.getByRole('button', { name: /not sent yet/ }).waitFor({ state: 'detached' });
    });
});

/* Another program writes to the file and takes its time. */
function lock(db) {
    const held = spawn('python3', ['-c', `
import sqlite3, sys
store = sqlite3.connect(sys.argv[1], isolation_level=None)
store.execute("BEGIN IMMEDIATE")
print("locked", flush=True)
sys.stdin.read()
store.execute("ROLLBACK")`, db], { stdio: ['pipe', 'pipe', 'inherit'] });
    const ended = once(held, 'exit');
    return { ready: once(held.stdout, 'data'), release: async () => { held.stdin.end(); await ended; } };
}

describe('a file that is locked', () => {
    let server, browser, page;

    before(async () => {
        server = await serve(TOWN);
        browser = await launch();
        ({ page } = await sit(browser, server.base));
    });
    after(async () => {
        await browser?.close();
        await server?.stop();
    });

    test('a decision waits in the browser until it can be stored', async () => {
        await page.goto('/queue?task=tone');
        await page.locator('.item').first().waitFor();
        await page.keyboard.press('z');
        await page.locator('.comment-text').waitFor();
        const id = idOf(page);
        const other = lock(server.db);
        await other.ready;
        await page.keyboard.press('a');
        await page.getByRole('button', { name: /^1 .* not sent yet/ }).waitFor({ timeout: 30000 });
        await other.release();
        await page.getByRole('button', { name: /not sent yet/ }).waitFor({ state: 'detached', timeout: 30000 });
        const { decisions } = await api(page, '/api/decisions');
        assert.deepEqual(decisions.map(({ comment }) => comment), [id]);
    });
});
