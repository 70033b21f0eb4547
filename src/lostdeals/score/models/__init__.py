"""The models of the ladder: additive tables, trees, and how they are put together; learned with scikit-learn, used without."""
