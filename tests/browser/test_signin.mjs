/* A server with an auth file: a wrong password in words, what a reader sees and may not do, a reviewer
 * who signs out again. */

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assertNothingSeen, axe, launch, screenshot, serveTo, sit, TOWN } from './harness.mjs';

const PEOPLE = [
    { name: 'rita', role: 'reader', password: 'only looks at it all' },
    { name: 'vera', role: 'reviewer', password: 'decides what is what' },
];

describe('signing in', () => {
    let server, browser, page, watch;

    before(async () => {
        server = await serveTo(PEOPLE, TOWN);
        browser = await launch();
        ({ page, watch } = await sit(browser, server.base, { name: null }));
    });
    after(async () => {
        await browser?.close();
        await server?.stop();
    });

    /* The dialog is open by itself when the page is. */
    async function signIn(name, password) {
        const dialog = page.getByRole('dialog');
        await dialog.getByLabel('Name').fill(name);
        await dialog.getByLabel('Password').fill(password);
        await dialog.getByLabel('Password').press('Enter');
    }

    async function signOut() {
        await page.locator('.who').click();
        await page.getByRole('dialog').getByRole('button', { name: 'Sign out' }).click();
        await page.getByRole('button', { name: 'Sign in' }).first().waitFor();
    }

    test('nothing is seen before', async () => {
        await page.goto('/queue');
        await page.getByRole('dialog').waitFor();
        assert.equal(await page.locator('.item').count(), 0);
        const status = await page.evaluate(async () => (await fetch('/api/queue')).status);
        assert.equal(status, 401);
        await screenshot(page, 'signed-out');
        assert.deepEqual(await axe(page), []);
    });

    test('a wrong password is refused in words', async () => {
        await signIn('vera', 'guessed');
        await page.getByRole('dialog').locator('.wrong').waitFor();
        assert.deepEqual(await axe(page), []);
        await screenshot(page, 'dialog-sign-in');
        await page.keyboard.press('Escape');
    });

    test('a reader looks and may not decide', async () => {
        await page.locator('.who').click();
        await signIn('rita', 'only looks at it all');
        await page.locator('.item-text').first().waitFor();
        await page.locator('.item-text').first().click();
        await page.locator('.comment-text').waitFor();
        await page.keyboard.press('a');
        await page.goto('/pages');
        await page.getByRole('link', { name: /the split of/ }).click();
        await page.getByRole('listbox').waitFor();
        assert.equal(await page.getByRole('button', { name: /^Furniture/ }).count(), 0);
        await page.keyboard.press('f');
        await page.goto('/history');
        await page.getByText('Nobody has decided anything yet').waitFor();
        await signOut();
    });

    test('a reviewer decides', async () => {
        await page.goto('/queue?task=tone');
        await signIn('vera', 'decides what is what');
        await page.locator('.item-text').first().waitFor();
        await page.keyboard.press('z');
        await page.locator('.comment-text').waitFor();
        const was = page.url();
        await page.keyboard.press('a');
        await page.waitForFunction((url) => location.href !== url, was);
        await page.goto('/history?reviewer=vera');
        await page.locator('.act').waitFor();
        await signOut();
    });

    test('nothing was asked of anybody else, and nothing went wrong', () => assertNothingSeen(watch));
});
