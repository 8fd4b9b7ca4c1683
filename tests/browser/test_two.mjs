/* Two reviewers at once never have the same comment before them. */

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { api, assertNothingSeen, launch, said, serve, sit, TOWN } from './harness.mjs';

const idOf = ({ page }) => Number(/\/comment\/(\d+)/.exec(page.url())?.[1] ?? 0);

describe('two reviewers', () => {
    let server, browser, ann, bob;

    before(async () => {
        server = await serve(TOWN);
        browser = await launch();
        ann = await sit(browser, server.base, { name: 'ann' });
        bob = await sit(browser, server.base, { name: 'bob' });
    });
    after(async () => {
        await browser?.close();
        await server?.stop();
    });

    async function begin({ page }) {
        await page.goto('/queue?task=tone');
        await page.locator('.item').first().waitFor();
        await page.keyboard.press('z');
        await page.waitForURL(/\/comment\/\d+/);
        await page.locator('.comment-text').waitFor();
    }

    async function accept({ page }) {
        const was = page.url();
        await page.keyboard.press('a');
        await page.waitForFunction((url) => location.href !== url, was);
        await page.locator('.comment-text').waitFor();
    }

    test('no comment is shown to both', async () => {
        await Promise.all([begin(ann), begin(bob)]);
        const seen = [idOf(ann), idOf(bob)];
        for (let i = 0; i < 8; i++) {
            await Promise.all([accept(ann), accept(bob)]);
            seen.push(idOf(ann), idOf(bob));
        }
        assert.deepEqual(seen.filter((id, at) => seen.indexOf(id) !== at), [], `seen in turn, ann's first: ${seen}`);
        const { decisions } = await api(ann.page, '/api/decisions?limit=200');
        assert.equal(new Set(decisions.map(({ comment }) => comment)).size, decisions.length);
        assert.deepEqual([...new Set(decisions.map(({ reviewer }) => reviewer))].sort(), ['ann', 'bob']);
    });

    test('who opens what another holds is told, and sees it in the queue', async () => {
        await begin(ann);
        await bob.page.goto(`/comment/${idOf(ann)}`);
        await bob.page.getByText('ann has this comment before them now').waitFor();
        await bob.page.goto('/queue?task=tone');
        await bob.page.getByText('ann is on it').first().waitFor();
    });

    test('each takes back only what is theirs', async () => {
        await begin(bob);
        const id = idOf(bob);
        await accept(bob);
        await ann.page.goto('/queue');
        await ann.page.locator('.item').first().waitFor();
        await ann.page.keyboard.press('u');
        await said(ann.page, 'Taken back');
        const { decisions } = await api(ann.page, `/api/comments/${id}`);
        assert.equal(decisions.find(({ reviewer }) => reviewer === 'bob').undone, false);
    });

    test('nothing was asked of anybody else, and nothing went wrong', () => {
        assertNothingSeen(ann.watch);
        assertNothingSeen(bob.watch);
    });
});
