/* Pages in, and the split of one corrected: by keyboard, by mouse, by touch; undone; and when somebody
 * else was quicker. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { api, assertDescribed, assertNothingSeen, axe, launch, said, screenshot, serve, sit, TOWN, write } from './harness.mjs';

const FERRY = `The ferry to Sandholm will stop at nine

From May the last ferry leaves the island at nine in the evening, two hours earlier than now, the
county said on Monday. It expects to save a crew and a half.

Comments (3)

Ingrid: My shift ends at ten. Do I sleep on the quay?

Tomas: Take a kayak, Ingrid, you lazy fool.

Ingrid: Thank you, Tomas, very kind.
`;

describe('pages and their splits', () => {
    let server, browser, page, watch;

    before(async () => {
        server = await serve(TOWN);
        browser = await launch();
        ({ page, watch } = await sit(browser, server.base));
    });
    after(async () => {
        await browser?.close();
        await server?.stop();
    });

    const lines = () => page.getByRole('listbox');
    const split = () => api(page, `/api/pages/${/\d+$/.exec(page.url())[0]}`);
    const saved = async (where = page) => {
        await where.locator('.split-operations').waitFor({ state: 'detached' });
        await said(where, 'The correction is saved.');
    };

    async function openTown(where = page) {
        await where.goto('/pages');
        await where.getByRole('link', { name: /the split of .*sample\.txt/ }).click();
        await where.getByRole('listbox').waitFor();
    }

    async function goTo(line) {
        await page.locator(`#line-${line}`).click();
        await lines().focus();
    }

    test('a pasted text is split, labelled and in the queue', async () => {
        await page.goto('/pages');
        await page.getByLabel('A text').fill(FERRY);
        await page.getByLabel('Call it').fill('ferry');
        await page.getByRole('button', { name: 'Bring it in' }).click();
        await page.locator('.arrivals').getByRole('link', { name: 'To its queue' }).click();
        await page.locator('.item').first().waitFor();
        const { comments } = await api(page, '/api/counts?state=all');
        assert.ok(comments > 28, 'more comments than the first page had');
        await page.getByText('Do I sleep on the quay').first().waitFor();
    });

    test('a file is, too; an empty one is refused in words', async () => {
        await page.goto('/pages');
        const file = write(server.directory, 'harbour.txt', readFileSync(TOWN, 'utf8').replaceAll('Wellbrook', 'Sandholm'));
        await page.locator('input[type=file]').setInputFiles(file);
        await page.locator('.arrivals').getByText('28 comments').waitFor();
        await page.locator('input[type=file]').setInputFiles(write(server.directory, 'empty.txt', '\n\n'));
        await page.locator('.arrivals li').first().getByText('empty.txt').waitFor();
        await page.waitForFunction(() => !/is read/.test(document.querySelector('.arrivals li').textContent));
        assert.doesNotMatch(await page.locator('.arrivals li').first().textContent(), /[1-9]\d* comments?/);
    });

    test('a dropped file is, too', async () => {
        await page.goto('/pages');
        const dropped = await page.evaluateHandle((text) => {
            const data = new DataTransfer();
            data.items.add(new File([text], 'dropped.txt'));
            return data;
        }, FERRY.replaceAll('Sandholm', 'Wellbrook'));
        await page.locator('.drop').dispatchEvent('drop', { dataTransfer: dropped });
        await page.locator('.arrivals').getByRole('link', { name: 'See the split' }).waitFor();
        assert.deepEqual(await axe(page), []);
        await screenshot(page, 'pages-arrived');
        await page.locator('.arrivals').getByRole('link', { name: 'See the split' }).click();
        await lines().waitFor();
        await page.getByText('Do I sleep on the quay').waitFor();
    });

    test('a role, a join and another parent, by keyboard', async () => {
        await openTown();
        const old = await split();
        const [first, second, third, fourth] = old.comments;
        await lines().focus();
        for (let i = 0; await page.locator('.active').getAttribute('id') !== `line-${second.first_line}`; i++) {
            assert.ok(i < 100);
            await page.keyboard.press('ArrowDown');
        }
        await page.keyboard.press('m');
        await goTo(fourth.first_line);
        await page.keyboard.press('p');
        await page.keyboard.press('End');
        await page.keyboard.press('Tab');
        await lines().focus();
        await page.keyboard.press('f');
        await page.keyboard.press('u');
        assert.equal(await page.locator('.split-operations li').count(), 2);
        await page.keyboard.press('s');
        await saved();
        const now = await split();
        assert.equal(now.comments.length, old.comments.length - 1);
        assert.deepEqual([now.comments[0].first_line, now.comments[0].last_line], [first.first_line, second.last_line]);
        assert.equal(now.comments[1].first_line, third.first_line);
        assert.equal(now.corrected_by, 'ann');
        assert.equal(now.corrections.at(-1).operations.length, 2);
    });

    test('undo of a correction', async () => {
        const corrected = await split();
        await page.getByRole('button', { name: /^Undo correction/ }).click();
        await said(page, 'The correction is taken back.');
        const now = await split();
        assert.equal(now.comments.length, corrected.comments.length + 1);
        assert.equal(now.corrections.at(-1).undone, true);
    });

    test('a comment cut in two, and whom the second half answers', async () => {
        const old = await split();
        const textOf = ({ first_line, last_line }) => old.lines.filter(({ line, role }) => line >= first_line && line <= last_line && role !== 'blank');
        const long = old.comments.find((comment) => comment.number > 2 && textOf(comment).length > 1);
        const at = textOf(long)[1].line;
        await goTo(at);
        await page.keyboard.press('n');
        await page.keyboard.press('p');
        await page.keyboard.press('End');
        await page.keyboard.press('Tab');
        await page.getByRole('link', { name: 'History' }).click();
        await page.getByRole('heading', { name: 'History' }).waitFor();
        await page.goBack();
        await lines().waitFor();
        assert.equal(await page.locator('.split-operations li').count(), 2, 'what is pending outlives another view');
        await lines().focus();
        await page.keyboard.press('s');
        await saved();
        const now = await split();
        assert.equal(now.comments.length, old.comments.length + 1);
        const second = now.comments.find(({ first_line }) => first_line === at);
        assert.equal(second.parent, 1);
        assert.ok((await api(page, `/api/comments/${second.id}`)).labels.length > 0, 'it is labelled');
        assert.equal(now.comments.find(({ first_line }) => first_line === long.first_line).parent, long.parent);
    });

    test('a stretch by mouse', async () => {
        const { comments } = await split();
        const [last, before] = [comments.at(-1), comments.at(-2)];
        await page.locator(`#line-${before.first_line}`).scrollIntoViewIfNeeded();
        await page.locator(`#line-${before.first_line}`).hover();
        await page.mouse.down();
        await page.locator(`#line-${last.last_line}`).hover();
        await page.mouse.up();
        await page.getByText(`Lines ${before.first_line} to ${last.last_line}`).waitFor();
        await page.getByRole('button', { name: /^Furniture/ }).click();
        await page.getByRole('button', { name: /^Save 1 change/ }).click();
        await saved();
        const now = await split();
        assert.equal(now.comments.length, comments.length - 2);
        assert.equal(now.lines.find(({ line }) => line === last.first_line).role, 'furniture');
    });

    test('by touch, on a telephone', async () => {
        const telephone = await sit(browser, server.base, { width: 360, height: 740, hasTouch: true, isMobile: true });
        await openTown(telephone.page);
        const { comments } = await api(telephone.page, `/api/pages/${/\d+$/.exec(telephone.page.url())[0]}`);
        const [, second, third] = comments;
        await telephone.page.locator(`#line-${second.first_line}`).tap();
        await telephone.page.getByRole('button', { name: 'Select a stretch' }).tap();
        await telephone.page.locator(`#line-${third.last_line}`).tap();
        await telephone.page.getByText(`Lines ${second.first_line} to ${third.last_line}`).waitFor();
        await telephone.page.getByRole('button', { name: /^Article/ }).tap();
        await telephone.page.getByText('are article').first().waitFor();
        assertNothingSeen(telephone.watch);
        await telephone.context.close();
    });

    test('somebody else was quicker', async () => {
        await openTown();
        const other = await sit(browser, server.base, { name: 'bob' });
        await openTown(other.page);
        const { comments } = await split();
        await other.page.locator(`#line-${comments[0].first_line}`).click();
        await other.page.getByRole('button', { name: /^Furniture/ }).click();
        await other.page.getByRole('button', { name: /^Save/ }).click();
        await saved(other.page);
        await other.context.close();

        await goTo(comments[1].first_line);
        await page.keyboard.press('f');
        await page.keyboard.press('s');
        await said(page, 'Somebody else corrected this page meanwhile');
        assert.equal(await page.locator('.split-operations li').count(), 1, 'what was pending is pending still');
        assert.deepEqual(await axe(page), []);
        await screenshot(page, 'split-corrected');
        await page.keyboard.press('s');
        await saved();
        const now = await split();
        assert.equal(now.comments.length, comments.length - 2);
        assert.deepEqual(now.corrections.slice(-2).map(({ reviewer }) => reviewer), ['bob', 'ann']);
    });

    test('nothing was asked of anybody else or that is not described, and nothing went wrong', async () => {
        assertNothingSeen(watch);
        await assertDescribed(server.base, watch);
    });
});
