/* undo: takes back the person's last act, be it stored already or still waiting in this browser. */

import { mayDecide, post } from './api.js';
import { plural } from './format.js';
import * as outbox from './outbox.js';
import { toast } from './ui.js';

/* Answers the comments that are as they were before; null: nothing was taken back. What is on its way
 * arrives first, so that the last act is the last. */
export async function undoLastAct() {
    if (!mayDecide())
        return null;
    await outbox.flush();
    const waiting = outbox.undoLast();
    if (waiting) {
        toast('Taken back, though not yet sent');
        const comment = /^\/api\/comments\/(\d+)\//.exec(waiting.path);
        return comment ? [Number(comment[1])] : [];
    }
    try {
        const answer = await post('/api/undo');
        toast(answer.undone.length === 0 ? 'There is nothing to take back'
            : answer.undone.length === 1 ? 'Taken back' : `${plural(answer.undone.length, 'decision')} taken back`);
        return answer.undone.length ? answer.comments : null;
    } catch (error) {
        toast(`Not taken back: ${error.message}`, { urgent: true });
        return null;
    }
}
