/* The report as a page: read from disk, wide and at 400 px, light and dark and on paper. It asks nothing of anybody, runs
 * nothing, has nothing that axe-core minds; on paper it is light, whatever the screen is. */

import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { axe, launch, screenshot, serve, write } from './harness.mjs';

const NAMES = ['<script>document.title = "taken"</script>', 'ann', '\u202eevil\u202c', '" onload="alert(1)', 'b & c'];

/* Thirty threads of ten comments on three days. */
function talk() {
    const lines = [];
    for (let i = 0; i < 300; i++) {
        const line = { id: `c${i}`, author: NAMES[i % 7 % NAMES.length], time: `2026-05-0${1 + Math.floor(i / 100)}T10:00:00Z`,
            text: `I ${i % 3 ? 'do not agree with you' : 'agree'}, this is ${i % 4 ? 'a bad' : 'an excellent'} idea, number ${i}` };
        if (i % 10)
            line.parent_id = `c${i - 1 - (i % 10 > 4 ? 2 : 0)}`;
        lines.push(JSON.stringify(line));
    }
    return `${lines.join('\n')}\n`;
}

describe('the report', () => {
    let server, browser, address;

    before(async () => {
        server = await serve();
        server.retort('label', '-q', '-d', server.db, write(server.directory, 'talk.jsonl', talk()));
        const file = path.join(server.directory, 'report.html');
        server.retort('report', '-q', '-d', server.db, '--by', 'day', '--resamples', '200', '--html', file);
        address = `file://${file}`;
        browser = await launch();
    });
    after(async () => {
        await browser?.close();
        await server?.stop();
    });

    async function open(look) {
        const context = await browser.newContext(look);
        const page = await context.newPage();
        const seen = [];
        page.on('request', (request) => request.url() !== address && seen.push(request.url()));
        page.on('console', (message) => seen.push(message.text()));
        page.on('pageerror', (error) => seen.push(error.message));
        page.on('dialog', (dialog) => seen.push(dialog.message()) && dialog.dismiss());
        await page.goto(address);
        return { context, page, seen };
    }

    for (const colorScheme of ['light', 'dark'])
        for (const width of [1200, 400])
            test(`${colorScheme}, ${width} px`, async () => {
                const { context, page, seen } = await open({ colorScheme, viewport: { width, height: 900 } });
                assert.deepEqual(seen, []);
                assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0, 'it overflows');
                assert.match(await page.title(), /^Discourse in /);
                assert.ok(await page.locator('svg[role=img]').count() > 3, 'there are plots');
                await screenshot(page, `report-${colorScheme}-${width}`, { fullPage: true });
                assert.deepEqual(await axe(page), []);
                await context.close();
            });

    test('names stand in it as they are, and drive nothing', async () => {
        const { context, page } = await open({});
        const text = await page.evaluate(() => document.body.textContent);
        assert.ok(!/[\u202a-\u202e]/.test(text));
        assert.equal(await page.locator('script, [onload]').count(), 0);
        await context.close();
    });

    test('on paper it is light, and no table is cut off', async () => {
        const { context, page } = await open({ colorScheme: 'dark', viewport: { width: 700, height: 900 } });
        await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
        const [paper, ink, hidden] = await page.evaluate(() => [getComputedStyle(document.body).backgroundColor,
            getComputedStyle(document.body).color, getComputedStyle(document.querySelector('.scroll')).overflowX]);
        assert.equal(paper, 'rgb(255, 255, 255)');
        assert.equal(ink, 'rgb(31, 35, 40)');
        assert.equal(hidden, 'visible');
        await context.close();
    });

    test('each link leads to a place', async () => {
        const { context, page } = await open({});
        const lost = await page.evaluate(() => [...document.querySelectorAll('a[href]')].map((a) => a.getAttribute('href'))
            .filter((href) => !href.startsWith('#') || !document.getElementById(href.slice(1))));
        assert.deepEqual(lost, []);
        assert.ok(await page.locator('nav a').count() >= 4);
        await context.close();
    });
});
