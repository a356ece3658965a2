"""Make and measure a model: corpus, fit, evaluate."""
