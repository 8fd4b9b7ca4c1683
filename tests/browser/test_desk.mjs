/* One comment and the queue around it: the sum behind a label, drafts, keys of one's own, what waits in
 * the browser and is taken back, what is refused, addresses. */

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { api, assertNothingSeen, launch, said, serve, sit, TOWN } from './harness.mjs';

const INSULTED = 'Idiots, the lot of you';

/* Thousandths, out of "+1.483" or "−0.062". */
function units(text) {
    return Math.round(1000 * Number(text.trim().replace('−', '-').replace('+', '')));
}

async function openComment(page, words) {
    const { items } = await api(page, `/api/queue?${new URLSearchParams({ q: words, task: 'tone' })}`);
    await page.goto(`/comment/${items[0].comment}?task=tone`);
    await page.locator('table.sum tfoot').waitFor();
    return items[0].comment;
}

function ticked(page) {
    return page.locator('.task.open input:checked').evaluateAll((inputs) => inputs.map((input) => input.dataset.name));
}

describe('desk', () => {
    let server, browser, page, watch;

    before(async () => {
        server = await serve(TOWN);
        browser = await launch();
        ({ page, watch } = await sit(browser, server.base));
        for (let share = 0; share < 1;) /* until the words can be searched */
            share = (await api(page, '/api/queue?q=idiots')).indexed;
    });
    after(async () => {
        await browser?.close();
        await server?.stop();
    });

    test('what is shown adds up to the margin, for every label, in short and in full', async () => {
        await openComment(page, INSULTED);
        const rows = () => page.locator('table.sum tbody td:nth-of-type(2)').allInnerTexts();
        const total = () => page.locator('table.sum tfoot td:nth-of-type(2)').innerText();
        const { length } = await page.locator('.why').all();
        for (let i = 0; i < 2 * length; i++) {
            assert.equal((await rows()).map(units).reduce((sum, each) => sum + each, 0), units(await total()));
            await page.keyboard.press('w');
            if (i === length)
                await page.getByRole('button', { name: /^All \d+$/ }).click();
        }
    });

    test('the words that decided are shaded, by way and weight', async () => {
        await openComment(page, INSULTED);
        await page.getByRole('button', { name: 'why toxic' }).click();
        assert.equal(await page.locator('.comment-text .word.for.level-4').innerText(), 'Idiots');
        assert.equal(await page.locator('.comment-text').textContent(),
            'You people would cheer if they closed the hospital as long as someone put a planter in front of it. Idiots, the lot of you.');
        await page.locator('.comment-text .word.for.level-4').hover();
        assert.equal(await page.locator('table.sum tr.pointed th').innerText(), 'Idiots');
    });

    test('what was ticked and not submitted is there again', async () => {
        await openComment(page, INSULTED);
        const before = await ticked(page);
        await page.keyboard.press('1');
        assert.deepEqual(await ticked(page), ['angry', ...before]);
        const was = page.url();
        await page.keyboard.press('j');
        await page.waitForURL((url) => url.href !== was);
        await page.locator('.comment-text').waitFor();
        await page.keyboard.press('k');
        await page.waitForURL(was);
        await page.locator('.comment-text').waitFor();
        assert.deepEqual(await ticked(page), ['angry', ...before]);
        await page.keyboard.press('a');
        await said(page, 'You changed the labels');
        await page.keyboard.press('1');
        assert.deepEqual(await ticked(page), before);
    });

    test('keys can be others, and none while typing', async () => {
        await page.keyboard.press('?');
        await page.locator('[data-for=skip]').click();
        await page.keyboard.press('y');
        await page.keyboard.press('Escape');
        await page.reload();
        await openComment(page, INSULTED);
        assert.equal(await page.getByRole('button', { name: 'Skip' }).locator('kbd').innerText(), 'Y');
        const was = page.url();
        await page.keyboard.press('s');
        await page.keyboard.press('m');
        await page.keyboard.type('yesterday, a jaunty note');
        assert.equal(page.url(), was);
        assert.equal(await page.getByRole('textbox', { name: 'Note' }).inputValue(), 'yesterday, a jaunty note');
        await page.keyboard.press('Escape');
        await page.keyboard.press('y');
        await page.waitForURL((url) => url.href !== was);
        await page.locator('.comment-text').waitFor();
        await page.keyboard.press('u');
        await said(page, 'Taken back');
        await page.keyboard.press('?');
        await page.getByRole('button', { name: 'As they were at first' }).click();
        await page.keyboard.press('Escape');
    });

    test('taken back before it was sent: nothing stands', async () => {
        const id = await openComment(page, INSULTED);
        await page.route('**/decisions', (route) => route.fulfill({ status: 503, contentType: 'application/json',
            body: JSON.stringify({ error: { code: 503, message: 'the file is locked', status: 'UNAVAILABLE' } }) }));
        const was = page.url();
        await page.keyboard.press('a');
        await page.waitForURL((url) => url.href !== was);
        await page.getByRole('button', { name: '1 change not sent yet' }).waitFor();
        await page.keyboard.press('u');
        await said(page, 'Taken back, though not yet sent');
        await page.waitForURL(was);
        await page.unroute('**/decisions');
        await page.getByRole('button', { name: '1 change not sent yet' }).click();
        await page.getByRole('button', { name: 'Send now' }).click();
        await page.getByText('Nothing of yours waits').waitFor();
        await page.keyboard.press('Escape');
        const { labels, decisions } = await api(page, `/api/comments/${id}`);
        assert.equal(labels.find(({ task }) => task === 'tone').decided_by, 'model');
        assert.ok(decisions.every(({ kind, undone }) => kind === 'undo' || undone));
    });

    test('what is refused stays, with the reason, until it is seen', async () => {
        await openComment(page, INSULTED);
        await page.route('**/decisions', (route) => route.fulfill({ status: 409, contentType: 'application/json',
            body: JSON.stringify({ error: { code: 409, message: 'the task is gone', status: 'ABORTED' } }) }));
        await page.keyboard.press('a');
        await said(page, 'Not taken: the task is gone');
        await page.unroute('**/decisions');
        await page.reload();
        await page.getByRole('button', { name: '1 change refused' }).click();
        await page.getByText('Refused: the task is gone').waitFor();
        await page.getByRole('button', { name: 'Forget it' }).click();
        await page.keyboard.press('Escape');
        assert.equal(await page.getByRole('button', { name: 'refused' }).count(), 0);
    });

    test('every queue has an address, and going back finds the place', async () => {
        await page.goto('/queue');
        await page.locator('.item').first().waitFor();
        await page.locator('.facet', { hasText: 'tone' }).click();
        await page.locator('.facet', { hasText: 'sarcastic' }).click();
        await page.waitForURL('**/queue?task=tone&label=sarcastic');
        await page.locator('.facet[aria-current]', { hasText: 'sarcastic' }).waitFor();
        const shown = await page.locator('.item-text').allInnerTexts();
        await page.reload();
        await page.locator('.item').first().waitFor();
        assert.deepEqual(await page.locator('.item-text').allInnerTexts(), shown);
        await page.keyboard.press('j');
        await page.keyboard.press('j');
        await page.keyboard.press('o');
        await page.waitForURL(/\/comment\/\d+\?task=tone&label=sarcastic/);
        await page.locator('.comment-text').waitFor();
        await page.goBack();
        await page.waitForFunction(() => document.activeElement.matches('.item:nth-child(2) .item-text'));
    });

    test('nothing was asked of anybody else, and nothing went wrong', () => assertNothingSeen(watch));
});
