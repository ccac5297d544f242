"""Whatever brings attention and costs money: the tree of campaigns, their cost, and who came by which."""
