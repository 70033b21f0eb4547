"""What several stages share: intervals, tests, folds, feature coding."""
