"""A practice to play with: *Willow Nutrition*, its website on another site, and a mailbox that shows what was sent."""
