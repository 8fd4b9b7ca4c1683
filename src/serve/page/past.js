/* past: all that people have said of one comment, the newest first; nothing is ever overwritten. */

import { element } from './dom.js';
import { ago, labelNames, moment, words } from './format.js';

const VERBS = {
    accept: 'accepted', correct: 'corrected', skip: 'skipped', escalate: 'escalated', note: 'noted', undo: 'took back',
};

/* What was done, as the rest of a sentence that begins with the person's name. */
export function deed(decision, decisions = []) {
    if (decision.kind === 'undo') {
        const other = decisions.find((each) => each.id === decision.undoes);
        return `took back ${other ? `${other.reviewer === decision.reviewer ? 'their' : `${other.reviewer}’s`} “${VERBS[other.kind]}”` : 'a decision'}`;
    }
    const label = decision.label ? `: ${labelNames(decision.label)}` : '';
    const shown = decision.kind === 'correct' && decision.shown ? `, where the model said ${labelNames(decision.shown)}` : '';
    return `${VERBS[decision.kind] ?? decision.kind}${decision.kind === 'note' ? '' : ` ${words(decision.task)}`}${label}${shown}`;
}

export function pastBox(comment) {
    const decisions = [...comment.decisions].sort((a, b) => b.id - a.id);
    return element('section', { class: 'comment-past' },
        element('h2', {}, 'History'),
        decisions.length === 0 && element('p', { class: 'quiet' }, 'Nobody has decided yet.'),
        element('ol', { class: 'past-list' }, decisions.map((decision) => element('li', { class: decision.undone ? 'deed taken-back' : 'deed' },
            element('p', {},
                element('strong', {}, decision.reviewer ?? 'somebody'), ' ',
                element(decision.undone ? 's' : 'span', {}, deed(decision, decisions)),
                decision.batch && element('span', { class: 'quiet' }, ', in bulk'),
                decision.via && decision.via !== 'page' && element('span', { class: 'quiet' }, `, by ${decision.via}`),
                ' ', element('time', { class: 'quiet', datetime: decision.decided, title: moment(decision.decided) }, ago(decision.decided)),
                decision.undone && element('span', { class: 'quiet' }, ' · taken back')),
            decision.note && element('blockquote', {}, decision.note)))));
}
