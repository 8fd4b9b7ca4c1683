/* A sitting of one reviewer: twenty comments by keyboard alone, a correction, undo, a note, search, keys. */

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { api, assertDescribed, assertNothingSeen, launch, serve, sit, TOWN } from './harness.mjs';

const idOf = (page) => Number(/\/comment\/(\d+)/.exec(page.url())?.[1] ?? 0);

/* Presses a key and waits until another comment, or the queue's end, is there. */
async function pressOn(page, key) {
    const was = page.url();
    await page.keyboard.press(key);
    await page.waitForFunction((url) => location.href !== url, was);
    await page.getByRole('heading', { level: 1 }).waitFor();
}

async function beginSitting(page, address = '/queue') {
    await page.goto(address);
    await page.locator('.item').first().waitFor();
    await page.keyboard.press('z');
    await page.waitForURL(/\/comment\/\d+/);
    await page.locator('.comment-text').waitFor();
}

async function decisionsOf(page, enough) {
    for (let tries = 0; tries < 50; tries++) {
        const { decisions } = await api(page, '/api/decisions?limit=200');
        if (decisions.length >= enough)
            return decisions;
        await page.waitForTimeout(100);
    }
    return assert.fail(`there never were ${enough} decisions`);
}

describe('triage', () => {
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

    test('twenty comments by keyboard alone', async () => {
        await beginSitting(page, '/queue?task=tone');
        const seen = [];
        for (let i = 0; i < 20; i++) {
            seen.push(idOf(page));
            await page.locator('.comment-text').waitFor();
            await pressOn(page, 'a');
        }
        assert.equal(new Set(seen).size, 20, 'no comment comes twice');
        const decisions = await decisionsOf(page, 20);
        assert.deepEqual(decisions.map(({ comment }) => comment).reverse(), seen);
        for (const { kind, task, reviewer, via } of decisions)
            assert.deepEqual([kind, task, reviewer, via], ['accept', 'tone', 'ann', 'page']);
    });

    test('a correction, and its undo', async () => {
        await beginSitting(page, '/queue?task=tone');
        const id = idOf(page);
        const label = async () => (await api(page, `/api/comments/${id}`)).labels.find(({ task }) => task === 'tone');
        const { label: model, scores } = await label();
        await page.keyboard.press('1');
        await page.keyboard.press('2');
        await page.getByRole('button', { name: /Correct, next/ }).waitFor();
        await pressOn(page, 'n');
        const [decision] = await decisionsOf(page, 21);
        assert.deepEqual([decision.comment, decision.kind, decision.shown], [id, 'correct', model]);
        const toggled = scores.map(({ name }, i) => i < 2 ? !model.includes(name) : model.includes(name));
        assert.deepEqual([...decision.label].sort(), scores.filter((_, i) => toggled[i]).map(({ name }) => name).sort());

        await page.keyboard.press('u');
        await page.waitForURL(`**/comment/${id}?*`);
        const again = await label();
        assert.deepEqual([again.label, again.decided_by], [model, 'model']);
        const { decisions } = await api(page, `/api/comments/${id}`);
        assert.equal(decisions.find((each) => each.id === decision.id).undone, true);
    });

    test('skip, escalate and a note', async () => {
        await beginSitting(page, '/queue?task=tone');
        const skipped = idOf(page);
        await pressOn(page, 's');
        const next = idOf(page);
        await page.keyboard.press('m');
        await page.getByRole('textbox', { name: 'Note' }).pressSequentially('as in the other thread: a s e');
        await page.keyboard.press('Control+Enter');
        await page.getByText('as in the other thread').waitFor();
        assert.equal(idOf(page), next, 'keys are ignored while typing');
        await pressOn(page, 'e');
        const made = (await decisionsOf(page, 25)).slice(0, 3);
        assert.deepEqual(made.map(({ comment, kind, note }) => [comment, kind, note]),
            [[next, 'escalate', null], [next, 'note', 'as in the other thread: a s e'], [skipped, 'skip', null]]);
    });

    test('the words that decided add up', async () => {
        await page.goto('/queue?state=all&task=tone');
        await page.locator('.item-text').first().click();
        await page.locator('.comment-text .word').first().waitFor();
        const { id } = await api(page, `/api/comments/${idOf(page)}`);
        const { labels } = await api(page, `/api/comments/${id}/explanations?task=tone`);
        for (const { bias, rounding, margin, words, features } of labels) {
            const sum = [...words, ...features].reduce((total, { contribution }) => total + contribution, bias);
            assert.ok(Math.abs(sum + rounding - margin) < 1e-9);
        }
    });

    test('search, and its stable address', async () => {
        await page.goto('/queue?state=all');
        await page.locator('.item').first().waitFor();
        await page.keyboard.press('/');
        await page.keyboard.type('crossing');
        await page.waitForURL(/q=crossing/);
        await page.waitForFunction(() => {
            const texts = [...document.querySelectorAll('.item-text')].map((node) => node.textContent);
            return texts.length > 0 && texts.every((text) => /crossing/i.test(text));
        });
        const found = await page.locator('.item-text').allTextContents();
        await page.reload();
        await page.locator('.item').first().waitFor();
        assert.deepEqual(await page.locator('.item-text').allTextContents(), found);
        await page.getByRole('searchbox').fill('zebra crossing of quicksilver');
        await page.getByText('Nothing fits').waitFor();
    });

    test('every filter has an address, and shows what it counts', async () => {
        await page.goto('/queue?task=tone');
        await page.locator('.item').first().waitFor();
        const addresses = await page.locator('.queue-side a').evaluateAll((links) => links.map((link) => link.getAttribute('href')));
        assert.ok(addresses.length >= 12);
        for (const address of new Set(addresses)) {
            await page.goto(address);
            await page.locator('.item, .blank').first().waitFor();
            const { matching } = await api(page, `/api/counts${new URL(page.url()).search}`);
            assert.equal(await page.locator('.item').count(), matching, address);
        }
    });

    test('the keys are shown, and can be changed', async () => {
        await page.goto('/queue?state=all');
        await page.locator('.item').first().waitFor();
        await page.keyboard.press('?');
        const dialog = page.getByRole('dialog');
        await dialog.getByText('Accept: the labels are right').first().waitFor();
        await dialog.getByRole('button', { name: /Search/ }).first().click();
        await page.keyboard.press('y');
        await page.keyboard.press('Escape');
        await dialog.waitFor({ state: 'detached' });
        await page.keyboard.press('y');
        assert.equal(await page.evaluate(() => document.activeElement.type), 'search');
    });

    test('nothing was asked of anybody else or that is not described, and nothing went wrong', async () => {
        assertNothingSeen(watch);
        await assertDescribed(server.base, watch);
    });
});
