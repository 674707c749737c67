"""What the score would have said in months gone by, against what came: a replay, and its guards."""
