// What pages of the dashboard do beyond their links and forms. All of it works without, too.
