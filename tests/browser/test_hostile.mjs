/* Comments that try to be more than text: in what was written, by whom, on which page, toward what, and
 * in all that a source says beside it. Every view is opened, and nothing runs. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { api, assertNothingSeen, launch, screenshot, serve, sit, TOWN, write } from './harness.mjs';

const RUN = 'window.ran=1;alert(1)';
const TRICKS = [
    `<script>${RUN}</script>`,
    `<img src=x onerror="${RUN}">`,
    `"><svg/onload=${RUN}>`,
    `'><iframe srcdoc="<script>parent.${RUN}</script>"></iframe>`,
    `<a href="javascript:${RUN}">click</a>`,
    `javascript:${RUN}//`,
    `<style>@import url(http://elsewhere.example/x.css);</style>`,
    `<link rel=stylesheet href=//elsewhere.example/x.css><base href=//elsewhere.example/>`,
    `<img src=//elsewhere.example/pixel.png>`,
    `<form action=//elsewhere.example/><button autofocus onfocus=${RUN}>`,
    `</title></textarea></script><script>${RUN}</script>`,
    `{{constructor.constructor('${RUN}')()}} \${${RUN}} <%= ${RUN} %>`,
    `&lt;script&gt;${RUN}&lt;/script&gt; &#60;img src=x onerror=${RUN}&#62;`,
    `<math><mtext><table><mglyph><style><img src=x onerror=${RUN}>`,
    `<details open ontoggle=${RUN}><marquee onstart=${RUN}><video><source onerror=${RUN}></video>`,
    `__proto__ constructor prototype toString`,
    `\u202etxet desrever\u202c \ufeff\u200b\u0000 ${'Z̷̡͚̟̹̲̈́'.repeat(40)}`,
    `+ADw-script+AD4-${RUN}+ADw-/script+AD4-`,
    `*/;}</script><!--><script>${RUN}</script>-->`,
    `${'W'.repeat(3000)}`,
];

/* The same trick stands in every member that a source may name. */
const lines = TRICKS.map((trick, i) => JSON.stringify({
    id: `${i}-${trick.slice(0, 60)}`, text: `${trick} and you are all idiots, ${trick}`, author: trick, time: trick,
    parent_text: trick, article_text: `${trick}\nThe council closed the street. ${trick}`, target: trick.slice(0, 200),
    meta: { [trick.slice(0, 80).replaceAll('\u0000', '')]: trick, url: `javascript:${RUN}`, html: { deep: [trick] } },
})).join('\n') + '\n';

/* Our town's page, each of its lines with a trick behind it. */
const FLAT = readFileSync(TOWN, 'utf8').split('\n')
    .map((line, i) => line && `${line} ${TRICKS[i % (TRICKS.length - 1)].slice(0, 200).replaceAll('\u0000', '')}`).join('\n');

describe('hostile comments', () => {
    let server, browser, page, watch;

    before(async () => {
        server = await serve();
        server.retort('label', '--quiet', '-d', server.db,
            write(server.directory, '"><img src=x onerror=alert(1)>.jsonl', lines),
            write(server.directory, '<svg onload=alert(1)>\'".txt', FLAT));
        browser = await launch();
        ({ page, watch } = await sit(browser, server.base, { name: '<img src=x onerror=alert(1)>' }));
    });
    after(async () => {
        await browser?.close();
        await server?.stop();
    });

    /* Nothing ran, and no input became an element, a handler, a style or an address of its own. */
    async function assertInert(where) {
        await page.waitForTimeout(50);
        const found = await page.evaluate(() => {
            const strange = [];
            const own = new Set([location.origin]);
            if (window.ran)
                strange.push('a script ran');
            for (const node of document.querySelectorAll('body *')) {
                if (/^(?:script|iframe|object|embed|base|link|style|meta|marquee|video|audio|math|foreignobject)$/i.test(node.localName))
                    strange.push(node.outerHTML);
                if (node.localName === 'img' && !node.src.startsWith(`${location.origin}/assets/`))
                    strange.push(node.outerHTML);
                for (const { name, value } of node.attributes)
                    if (/^on|^srcdoc$/i.test(name) || /^\s*javascript:/i.test(value) && /href|src|action/.test(name))
                        strange.push(`${name}=${value}`);
                if (node.href && typeof node.href === 'string' && !own.has(new URL(node.href).origin))
                    strange.push(node.href);
            }
            return strange;
        });
        assert.deepEqual(found, [], where);
        assertNothingSeen(watch);
    }

    test('in the queue', async () => {
        await page.goto('/queue?state=all&order=newest&limit=200');
        await page.locator('.item').first().waitFor();
        await assertInert('queue');
        await screenshot(page, 'hostile-queue');
        const searched = page.waitForResponse(/\/api\/queue\?.*q=/);
        await page.getByRole('searchbox').fill('"><script>alert(1)</script>* OR NEAR(');
        await searched;
        await assertInert('search');
    });

    test('in every comment', async () => {
        const { items } = await api(page, '/api/queue?state=all&order=newest&limit=200');
        assert.ok(items.length >= TRICKS.length);
        for (const { comment } of items) {
            await page.goto(`/comment/${comment}`);
            await page.locator('.comment-text').waitFor();
            const { text } = await api(page, `/api/comments/${comment}`);
            assert.equal(await page.locator('.comment-text').textContent(), text, 'the text is shown as it is');
            for (const summary of await page.locator('summary').all())
                await summary.click();
            await assertInert(`comment ${comment}`);
        }
        await screenshot(page, 'hostile-comment');
    });

    test('in an act, in the history, on the dashboard, among the pages and in a split', async () => {
        await page.goto('/queue?state=all&order=newest');
        await page.locator('.item-text').first().click();
        await page.locator('.comment-text').waitFor();
        await page.keyboard.press('m');
        await page.getByRole('textbox', { name: 'Note' }).fill(TRICKS.join('\n').slice(0, 1900).replaceAll('\u0000', ''));
        await page.keyboard.press('Control+Enter');
        await page.locator('.comment-past blockquote').waitFor();
        await assertInert('note');
        await page.keyboard.press('a');
        for (const view of ['/history', '/dashboard', '/pages']) {
            await page.goto(view);
            await page.getByRole('heading', { level: 1 }).waitFor();
            await assertInert(view);
        }
        await screenshot(page, 'hostile-pages');
        const { pages } = await api(page, '/api/pages');
        for (const { id } of pages.filter((each) => each.id)) {
            await page.goto(`/pages/${id}`);
            await page.getByRole('heading', { level: 1 }).waitFor();
            await assertInert(`/pages/${id}`);
        }
    });

    test('in addresses', async () => {
        const trick = encodeURIComponent(`"><img src=x onerror=${RUN}>`);
        for (const view of [`/queue?q=${trick}`, `/queue?author=${trick}&task=${trick}&page=${trick}`, `/history?reviewer=${trick}`,
            `/comment/1?label=${trick}`, `/${trick}`, `/pages/${trick}`, `/queue?state=__proto__#${trick}`]) {
            await page.goto(view);
            await page.waitForTimeout(150);
            await assertInert(view);
        }
    });

    test('in what is brought in by the page', async () => {
        await page.goto('/pages');
        await page.getByLabel('A text').fill(FLAT.replaceAll('\u0000', ''));
        await page.getByLabel('Call it').fill(TRICKS[1]);
        await page.getByRole('button', { name: 'Bring it in' }).click();
        await page.locator('.arrivals').getByRole('link').first().waitFor();
        await assertInert('arrival');
    });

    test('what is written from right to left is cut at its end', async () => {
        const text = 'هذا التعليق مكتوب من اليمين إلى اليسار، ولا أوافق على إغلاق الشارع أبدا، '.repeat(4);
        server.retort('label', '--quiet', '-d', server.db, write(server.directory, 'right.jsonl',
            [{ id: 'r1', text, author: 'محمد' }, { id: 'r2', text, author: 'Ann', parent_id: 'r1' }].map((line) => JSON.stringify(line)).join('\n')));
        const { items } = await api(page, `/api/queue?state=all&author=${encodeURIComponent('محمد')}`);
        await page.goto(`/comment/${items[0].comment}`);
        const row = page.locator('.place.this');
        await row.waitFor();
        const [who, said] = await Promise.all(['.place-who', '.place-excerpt'].map((part) => row.locator(part).evaluate((node) =>
            ({ left: node.offsetLeft, way: getComputedStyle(node).direction, isCut: node.scrollWidth > node.clientWidth }))));
        assert.deepEqual([said.way, said.isCut], ['rtl', true]);
        assert.ok(who.left < said.left, 'the name stands before what was said');
    });

    test('the policy itself stops a script that stands in the page, and text read as markup', async () => {
        await page.evaluate(() => {
            const script = document.createElement('script');
            script.append('window.ran = 2');
            document.body.append(script);
        });
        assert.equal(await page.evaluate(() => window.ran), undefined);
        await assert.rejects(page.evaluate(() => {
            document.createElement('p').innerHTML = '<b>bold</b>';
        }), /TrustedHTML/);
    });
});
