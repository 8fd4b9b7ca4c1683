/* Google's own client for Node: by the discovery document of our server, and by the endpoint that it
 * brought along up to version 44, with nothing changed but the address. (Its rootUrl goes with the
 * call: what is given with the client it cuts at the wrong place, whoever the server is.) */

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { serve } from './harness.mjs';

const build = path.resolve(process.env.RETORT_BUILD ?? 'build');
const require = createRequire(path.join(build, 'browser', 'package.json'));

const RUDE = 'You are an idiot, and a stupid one.';
let server;

before(async () => { server = await serve(); });
after(() => server.stop());

function discovered() {
    const { google } = require('googleapis');
    return google.discoverAPI(`${server.base}/$discovery/rest?version=v1alpha1`);
}

function decisions() {
    const lines = server.retort('export', '-d', server.db, '--format', 'jsonl').trim().split('\n');
    return lines.filter(Boolean).map((line) => JSON.parse(line)).flatMap((comment) => comment.retort.decisions);
}

test('discoverAPI: analyze', async () => {
    const client = await discovered();
    const { status, data } = await client.comments.analyze({
        key: 'any', resource: { comment: { text: RUDE }, languages: ['en'], requestedAttributes: { TOXICITY: {}, THREAT: {} } },
    });
    assert.equal(status, 200);
    assert.ok(data.attributeScores.TOXICITY.summaryScore.value > 0.8);
    assert.ok(data.attributeScores.THREAT.summaryScore.value < 0.3);
    assert.deepEqual(data.languages, ['en']);
});

test('discoverAPI: an error is told as Google tells it', async () => {
    const client = await discovered();
    const asked = client.comments.analyze({ requestBody: { comment: { text: RUDE }, requestedAttributes: { SPAM: {} } } });
    await assert.rejects(asked, (error) => {
        assert.equal(error.status, 400);
        assert.match(error.message, /Unknown requested attribute: SPAM/);
        assert.equal(error.response.data.error.details[0].errorType, 'INVALID_REQUEST');
        return true;
    });
});

test('discoverAPI: suggestscore becomes a decision', async () => {
    const client = await discovered();
    const body = {
        comment: { text: 'Nobody asked you.' }, attributeScores: { TOXICITY: { summaryScore: { value: 1 } } },
        communityId: '/forum/movies', clientToken: 'comment-53922',
    };
    for (let i = 0; i < 2; i++)
        assert.equal((await client.comments.suggestscore({ key: 'any', requestBody: body })).data.clientToken, 'comment-53922');
    const made = decisions();
    assert.equal(made.length, 1);
    assert.ok(made[0].label.includes('toxic'));
});

test('commentanalyzer with rootUrl', async () => {
    const { google } = require('googleapis-with-commentanalyzer');
    const client = google.commentanalyzer({ version: 'v1alpha1', auth: 'any' });
    const { data } = await client.comments.analyze({
        requestBody: { comment: { text: RUDE }, requestedAttributes: { INSULT: {} }, spanAnnotations: true, doNotStore: true, clientToken: 't' },
    }, { rootUrl: `${server.base}/` });
    assert.equal(data.clientToken, 't');
    assert.equal(data.attributeScores.INSULT.spanScores[0].end, RUDE.length);
});
