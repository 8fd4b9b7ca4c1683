/* What axe-core finds on every view, light and dark, wide and at 360 px; that nothing overflows, that the
 * focus is seen; and the screenshots. */

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { api, assertNothingSeen, axe, launch, screenshot, serve, sit, TOWN, write } from './harness.mjs';

const WIDTHS = [1280, 360];
const SCHEMES = ['light', 'dark'];

describe('the look', () => {
    let server, browser, views;

    before(async () => {
        server = await serve(TOWN);
        browser = await launch();
        const { page, context } = await sit(browser, server.base);
        views = await fill(page);
        await context.close();
    });
    after(async () => {
        await browser?.close();
        await server?.stop();
    });

    /* Some decisions, so that the history and the dashboard have something to show. */
    async function fill(page) {
        await page.goto('/queue?task=tone');
        await page.locator('.item').first().waitFor();
        await page.keyboard.press('z');
        for (const key of ['a', 'a', '1', 'n', 's', 'e', 'a']) {
            await page.waitForURL(/\/comment\/\d+/);
            await page.locator('.comment-text').waitFor();
            const was = page.url();
            await page.keyboard.press(key);
            if (key !== '1')
                await page.waitForFunction((url) => location.href !== url, was);
        }
        const { items } = await api(page, '/api/queue?q=threat');
        const { pages } = await api(page, '/api/pages');
        return {
            queue: ['/queue', '.item'],
            comment: [`/comment/${items[0].comment}?task=tone`, '.comment-text .word'],
            dashboard: ['/dashboard', '.plot-columns'],
            pages: ['/pages', 'table'],
            split: [`/pages/${pages[0].id}`, '[role=listbox]'],
            history: ['/history', '.act'],
            'not-here': ['/comment/99999999', '.failure'],
            empty: ['/queue?q=quicksilver', '.blank'],
        };
    }

    async function open(page, name) {
        const [address, sign] = views[name];
        await page.goto(address);
        await page.locator(sign).first().waitFor();
    }

    /* What stands out to the right, innermost first. */
    async function overflow(page, name) {
        const found = await page.evaluate(() => {
            const { scrollWidth, clientWidth } = document.documentElement;
            const wide = [...document.querySelectorAll('body *')].filter((node) => node.getBoundingClientRect().right > clientWidth + 1);
            return scrollWidth > clientWidth ? [`${scrollWidth - clientWidth} px: ${wide.at(-1)?.outerHTML.slice(0, 150)}`] : [];
        });
        return found.map((each) => `${name} overflows by ${each}`);
    }

    for (const colorScheme of SCHEMES)
        for (const width of WIDTHS)
            test(`${colorScheme}, ${width} px: axe finds nothing, nothing overflows`, async () => {
                const { page, context, watch } = await sit(browser, server.base, { width, height: width > 500 ? 860 : 740, colorScheme });
                const found = [];
                for (const name of Object.keys(views)) {
                    await open(page, name);
                    await screenshot(page, `${name}-${colorScheme}-${width}`);
                    found.push(...(await axe(page)).map((each) => `${name}: ${each}`), ...await overflow(page, name));
                }
                assert.deepEqual(found, []);
                assertNothingSeen(watch);
                await context.close();
            });

    for (const colorScheme of SCHEMES)
        test(`${colorScheme}: axe finds nothing in the dialogs`, async () => {
            const { page, context } = await sit(browser, server.base, { colorScheme });
            const press = (key) => () => page.keyboard.press(key);
            const click = (name) => () => page.getByRole('button', { name }).click();
            const bulk = async () => {
                await page.keyboard.press('b');
                await page.getByRole('checkbox', { name: 'none of them' }).check();
                await page.locator('.bulk-sample li').first().waitFor();
            };
            const dialogs = { keys: press('?'), bulk, display: click('Display'), person: click(/^Signed in/) };
            const found = [];
            for (const [name, show] of Object.entries(dialogs)) {
                await open(page, 'queue');
                await show();
                await page.getByRole('dialog').waitFor();
                await page.locator('[aria-busy=true]').waitFor({ state: 'detached' });
                await screenshot(page, `dialog-${name}-${colorScheme}`);
                found.push(...(await axe(page)).map((each) => `${name}: ${each}`));
                await page.keyboard.press('Escape');
                await page.getByRole('dialog').waitFor({ state: 'detached' });
            }
            assert.deepEqual(found, []);
            await context.close();
        });

    test('at the largest size of text, at 360 px, nothing overflows', async () => {
        const { page, context } = await sit(browser, server.base, { width: 360, height: 740 });
        await page.evaluate(() => localStorage.setItem('retort.look', '{"size":"largest"}'));
        const found = [];
        for (const name of Object.keys(views)) {
            await open(page, name);
            found.push(...await overflow(page, name));
        }
        assert.deepEqual(found, []);
        await screenshot(page, 'largest-360');
        await context.close();
    });

    test('a name that does not end overflows nothing', async () => {
        const author = 'A name that does not end '.repeat(6);
        server.retort('label', '--quiet', '-d', server.db, write(server.directory, `${'long-'.repeat(30)}.jsonl`,
            [{ id: 'l1', text: 'You idiots.', author }, { id: 'l2', text: 'No.', author, parent_id: 'l1' }].map((line) => JSON.stringify(line)).join('\n')));
        const { page, context } = await sit(browser, server.base, { width: 360, height: 740 });
        const { items } = await api(page, '/api/queue?order=newest&limit=2');
        const found = [];
        for (const view of ['/queue?order=newest', '/dashboard', ...items.map(({ comment }) => `/comment/${comment}`)]) {
            await page.goto(view);
            await page.locator('.item, .panels, .comment-text').first().waitFor();
            found.push(...await overflow(page, view));
        }
        assert.deepEqual(found, []);
        await context.close();
    });

    test('the focus is seen wherever the keyboard takes it', async () => {
        const { page, context } = await sit(browser, server.base);
        for (const name of Object.keys(views)) {
            await open(page, name);
            for (let i = 0; i < 30; i++) {
                await page.keyboard.press('Tab');
                const seen = await page.evaluate(() => {
                    const node = document.activeElement;
                    if (node === document.body)
                        return null;
                    const isSeen = (each) => {
                        const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(each);
                        return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1.5 || boxShadow !== 'none';
                    };
                    const around = node.closest('label, .item, .drop');
                    const box = node.getBoundingClientRect();
                    return [isSeen(node) || around && isSeen(around), box.width > 0 && box.height > 0, node.outerHTML.slice(0, 120)];
                });
                if (seen === null)
                    break;
                assert.ok(seen[0] && seen[1], `${name}: ${seen[2]}`);
            }
        }
        await context.close();
    });
});
