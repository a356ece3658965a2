"""Find evidence in a note: note, doc, phrases, context, scores, findings."""
