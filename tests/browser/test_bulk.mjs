/* One act for many: a selection and a filter, with count and sample first, undone in one go. */

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { api, assertDescribed, assertNothingSeen, launch, said, serve, sit, TOWN } from './harness.mjs';

describe('bulk', () => {
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

    const standing = async () => (await api(page, '/api/decisions?limit=200')).decisions.filter(({ undone, kind }) => !undone && kind !== 'undo');
    const dialog = () => page.getByRole('dialog');
    const apply = () => dialog().getByRole('button', { name: /^Apply to/ });

    test('on a selection, by keyboard', async () => {
        await page.goto('/queue?task=tone');
        await page.locator('.item').first().waitFor();
        for (let i = 0; i < 3; i++) {
            await page.keyboard.press('j');
            await page.keyboard.press('x');
        }
        await page.keyboard.press('b');
        await dialog().getByText('Choose a label').waitFor();
        assert.equal(await apply().count(), 0);
        await dialog().getByRole('checkbox', { name: 'polite' }).focus();
        await page.keyboard.press('Space');
        await dialog().getByText('3 comments will be labelled polite (tone), and nothing else.').waitFor();
        assert.equal(await dialog().locator('.bulk-sample li').count(), 3);
        assert.equal((await standing()).length, 0, 'nothing is done before it is applied');
        await apply().press('Enter');
        await dialog().waitFor({ state: 'detached' });
        const made = await standing();
        assert.equal(made.length, 3);
        assert.equal(new Set(made.map(({ batch }) => batch)).size, 1);
        for (const { label } of made)
            assert.deepEqual(label, ['polite']);
        await page.getByRole('button', { name: 'Undo', exact: true }).click();
        await said(page, '3 decisions taken back');
        assert.equal((await standing()).length, 0);
    });

    test('on a filter', async () => {
        await page.goto('/queue?task=tone&q=street');
        await page.locator('.item').first().waitFor();
        const { matching } = await api(page, '/api/counts?task=tone&q=street');
        await page.keyboard.press('b');
        await dialog().getByRole('checkbox', { name: 'none of them' }).check();
        await apply().waitFor();
        assert.equal(await apply().textContent(), `Apply to ${matching}`);
        await apply().click();
        await dialog().waitFor({ state: 'detached' });
        assert.equal((await standing()).length, matching);

        await page.goto('/history');
        await page.getByText(`in bulk: ${matching} comments`).waitFor();
        await page.getByRole('button', { name: /^Undo all/ }).click();
        await said(page, `${matching} decisions taken back`);
        await page.locator('.taken-back', { hasText: `${matching} comments` }).waitFor();
        assert.equal((await standing()).length, 0);
    });

    test('what changed since the preview is looked at again', async () => {
        await page.goto('/queue?task=tone&q=street');
        await page.locator('.item').first().waitFor();
        const { matching } = await api(page, '/api/counts?task=tone&q=street');
        await page.keyboard.press('b');
        await dialog().getByRole('checkbox', { name: 'none of them' }).check();
        await apply().waitFor();
        const other = await sit(browser, server.base, { name: 'bob' });
        await other.page.goto('/queue?task=tone&q=street');
        await other.page.locator('.item-text').first().click();
        await other.page.locator('.comment-text').waitFor();
        await other.page.keyboard.press('a');
        await other.page.waitForFunction(async () => (await (await fetch('/api/decisions?reviewer=bob')).json()).decisions.length > 0);
        await other.context.close();
        await apply().click();
        await dialog().getByRole('button', { name: `Apply to ${matching - 1}` }).waitFor();
        await dialog().locator('.wrong').waitFor();
        assert.equal((await standing()).length, 1, 'only what bob decided');
        await page.keyboard.press('Escape');
    });

    test('nothing was asked of anybody else or that is not described, and nothing went wrong', async () => {
        assertNothingSeen(watch);
        await assertDescribed(server.base, watch);
    });
});
