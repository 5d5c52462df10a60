"""The agreement dashboard: how well do we agree, how sure is that, where and why do we not."""
