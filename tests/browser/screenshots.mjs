/* The two pictures of the README, made anew by
 *     RETORT_BUILD=build node tests/browser/screenshots.mjs
 * Three reviewers work through our own pages; then the clock of their decisions is moved, so that a
 * minute's work looks like two days'. */

import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { api, here, launch, serve, sit, TOWN } from './harness.mjs';

const OUT = path.join(here, 'screenshots');
const REVIEWERS = ['ann', 'bob', 'chen'];
let seed = 5;

function chance() {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return seed / 2147483648;
}

/* As a person would: mostly as the model has it where it is sure, else often otherwise. */
function judged({ choice, label, scores, unsure }) {
    if (chance() < (unsure ? 0.7 : 0.9))
        return label;
    const other = scores[Math.floor(chance() * scores.length)].name;
    if (choice === 'one-of')
        return [other];
    return label.includes(other) ? label.filter((name) => name !== other) : [...label, other];
}

async function work(page, share) {
    const { items } = await api(page, '/api/queue?state=all&order=random&seed=3&limit=200');
    for (const item of items)
        for (const label of item.labels)
            if (chance() < share)
                await page.evaluate(async ([id, body]) => {
                    const { token } = await (await fetch('/api/session')).json();
                    await fetch(`/api/comments/${id}/decisions`, { method: 'POST', body: JSON.stringify(body),
                        headers: { 'Content-Type': 'application/json', 'X-Retort-Token': token } });
                }, [item.comment, { task: label.task, act: 'decide', labels: judged(label), token: crypto.randomUUID() }]);
}

/* Decisions are evidence, which triggers guard; this file is thrown away. */
function moveClock(db) {
    execFileSync('python3', ['-c', `
import datetime, random, sqlite3, sys
random.seed(4)
now = datetime.datetime.now(datetime.timezone.utc)
store = sqlite3.connect(sys.argv[1])
store.execute("DROP TRIGGER decision_fixed")
busy = [h for h in range(46) if 7 <= (now - datetime.timedelta(hours=h + 1)).hour < 19]
for (id,) in store.execute("SELECT id FROM decision").fetchall():
    store.execute("UPDATE decision SET decided = strftime('%Y-%m-%dT%H:%M:%SZ', 'now', ?) WHERE id = ?",
                  ("-%d minutes" % (60 * random.choice(busy) + random.randrange(60)), id))
store.commit()`, db]);
}

async function main() {
    const server = await serve(TOWN, path.join(here, '..', 'golden', 'harbour.html'));
    const browser = await launch();
    mkdirSync(OUT, { recursive: true });
    const first = await sit(browser, server.base, { width: 1100, height: 690, colorScheme: 'light' });
    await first.page.goto('/queue?task=tone');
    await first.page.locator('.item').first().waitFor();
    await first.page.keyboard.press('z');
    await first.page.locator('.comment-text .word').first().waitFor();
    await first.page.screenshot({ path: path.join(OUT, 'comment.png') });

    for (const [index, name] of REVIEWERS.entries()) {
        const { page, context } = await sit(browser, server.base, { name });
        await work(page, [0.55, 0.4, 0.25][index]);
        await context.close();
    }
    await server.kill();
    moveClock(server.db);
    await server.start();
    const { page } = await sit(browser, server.base, { width: 1100, height: 960, colorScheme: 'light' });
    await page.goto('/dashboard');
    await page.locator('.plot-columns').waitFor();
    await page.screenshot({ path: path.join(OUT, 'dashboard.png') });
    await browser.close();
    await server.stop();
}

await main();
