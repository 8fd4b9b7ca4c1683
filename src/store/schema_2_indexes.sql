-- Schema 2, when the ranks of what was there are known: an index is made faster than it is grown.
CREATE INDEX label_worth ON label (state, comment >> 16, model, label, worth DESC) WHERE state > 0;
CREATE INDEX label_severe ON label (state, comment >> 16, model, label, severe DESC) WHERE state > 0;
CREATE INDEX label_near ON label (state, comment >> 16, model, label, near DESC) WHERE state > 0;
