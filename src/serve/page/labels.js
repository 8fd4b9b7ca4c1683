/* labels: what was said of a comment, by the model or by a person, as small marks with their number. */

import { element } from './dom.js';
import { percent, words } from './format.js';

const DOUBTS = {
    band: 'too near the border to be sure',
    evidence: 'too few known words',
    language: 'in a language that the model has not learned',
    target: 'toward a target that the model has not learned',
};

/* Why a label is unsure, in words. */
export function doubtOf(label) {
    return DOUBTS[label.doubt] ?? label.doubt ?? 'too near the border to be sure';
}

export function isHuman(label) {
    return label.decided_by === 'human';
}

function chip(score, label) {
    const isSure = isHuman(label) || !score.unsure;
    const name = words(score.name);
    return element('span', {
        class: `label-mark ${isHuman(label) ? 'by-person' : isSure ? 'sure' : 'unsure'}`,
        css: { share: isHuman(label) ? 1 : score.p },
        title: isHuman(label) ? `${label.task}: ${name}, decided by ${label.reviewer ?? 'a person'}`
            : `${label.task}: ${name}, ${percent(score.p)}${isSure ? '' : `, unsure: ${doubtOf(label)}`}`,
    }, element('span', { class: 'mark-name' }, name),
    isHuman(label) ? element('span', { class: 'mark-sign' }, '✓', element('span', { class: 'unseen' }, ' decided'))
        : element('span', { class: 'mark-p' }, percent(score.p)),
    !isSure && element('span', { class: 'mark-sign' }, '?', element('span', { class: 'unseen' }, ' unsure')));
}

/* What is worth showing of one answer: the labels that are on, the most probable first. Of a task that
 * the row does not stand there for, only what nobody doubts and is no "none". */
function telling(label, isMain) {
    const on = label.scores.filter((score) => label.label.includes(score.name)).sort((a, b) => b.p - a.p);
    return isMain ? on : on.filter((score) => score.name !== 'none' && (isHuman(label) || !score.unsure));
}

function noneOf(label) {
    return element('span', { class: `label-mark ${isHuman(label) ? 'by-person' : label.unsure ? 'unsure' : 'sure'}`, title: label.unsure ? `${label.task}: unsure, ${doubtOf(label)}` : label.task },
        element('span', { class: 'mark-name' }, `${words(label.task)}: none`),
        isHuman(label) ? element('span', { class: 'mark-sign' }, '✓')
            : label.unsure && element('span', { class: 'mark-sign' }, '?', element('span', { class: 'unseen' }, ' unsure')));
}

/* Marks for a row: those of the task that it stands there for first; at most `most`. */
export function labelMarks(labels, task, most = 4) {
    const ordered = [...labels].sort((a, b) => (b.task === task) - (a.task === task));
    const marks = ordered.flatMap((label) => {
        const shown = telling(label, label.task === task).map((score) => chip(score, label));
        return shown.length === 0 && label.task === task ? [noneOf(label)] : shown;
    });
    const hidden = marks.length - most;
    return hidden > 0 ? [...marks.slice(0, most), element('span', { class: 'quiet' }, `+${hidden}`)] : marks;
}
