/* queue: what deserves a human first. */

import { blank, heading } from './ui.js';

export const title = 'Queue';

export function render(root) {
    root.append(heading('Queue'), blank('Nothing yet', ''));
}
