"""Invented names, dates and the stock phrases of sites, all written here.

Pages that have lost their authors and furniture get new ones, in many styles, so that the model
learns what such lines look like and no real person's name.
"""

FIRST = ("Jane Tom Maria Ahmed Wei Olga Peter Ines Raj Fatima Luca Hanna Kofi Sven Aoife Diego Mei "
         "Yusuf Clara Bruno Nadia Oscar Priya Leon Greta Hugo Amara Felix Noor Stella Ivan Rosa Bill "
         "Dave Susan Karen Mike Steve Linda Bob Alice Frank Joan Gary Ruth Ken Anna Paul").split()
LAST = ("Mellick Brandow Okoro Tanaka Feld Harrow Quist Varga Lindley Moreau Castell Drummond "
        "Ibsen Parrish Zeller Novik Aldana Whitcomb Rourke Sandoval Petrov Haddad Larsen Kimura "
        "Doyle Achebe Bauer Costa Nilsen Farrow Greer Hollis Jarvis Kemp Lowell Marsh").split()
HANDLE = ("river stone fox moon pixel truth patriot skeptic gamer grump owl tiger north south old "
          "mad quiet just only real blue red dark random lost free").split()
MONTHS = ("January February March April May June July August September October November "
          "December").split()
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()


def person(rng):
    kind = rng.random()
    if kind < 0.4:
        return "%s %s" % (rng.choice(FIRST), rng.choice(LAST))
    if kind < 0.6:
        return rng.choice(FIRST)
    if kind < 0.7:
        return "%s %s." % (rng.choice(FIRST), rng.choice(LAST)[0])
    if kind < 0.75:
        return "Anonymous"
    handle = rng.choice(HANDLE) + rng.choice(["", "_", "-", "."]) + rng.choice(HANDLE + FIRST)
    return handle + rng.choice(["", "", str(rng.randrange(100)), str(rng.randrange(1950, 2012))])


def date(rng, style):
    month, day, year = rng.choice(MONTHS), rng.randrange(1, 29), rng.randrange(2004, 2026)
    number = MONTHS.index(month) + 1
    return ["%s %d, %d" % (month, day, year), "%s %d, %d" % (month[:3], day, year),
            "%d %s %d" % (day, month, year), "%d-%02d-%02d" % (year, number, day),
            "%d/%d/%d" % (number, day, year), "%02d.%02d.%d" % (day, number, year),
            "%s, %s %d, %d" % (rng.choice(DAYS), month, day, year), "%s %d" % (month, day),
            "%s. %d" % (month[:3], day)][style % 9]


def clock(rng, style):
    hour, minute = rng.randrange(24), rng.randrange(60)
    if style % 3 == 0:
        return "%02d:%02d" % (hour, minute)
    half = "pm" if hour >= 12 else "am"
    text = "%d:%02d %s" % (hour % 12 or 12, minute, half)
    return text if style % 3 == 1 else text.upper()


def ago(rng, style):
    count = rng.randrange(1, 24)
    unit = rng.choice(["minute", "hour", "day", "week", "month", "year"])
    if style % 4 == 0:
        return "%d%s ago" % (count, unit[0])
    if style % 4 == 1:
        return "%d%s" % (count, unit[0])
    return "%d %s%s ago" % (count, unit, "" if count == 1 else "s")


# Lines before and after a comment; {a} author, {d} date, {c} clock, {g} how long ago, {n} number,
# {k} a count, {b} another author. One style a page.
HEADS = [
    (["{a} says:", "{d} at {c}"], []), (["{a} says:", "{d} at {c}"], ["Reply"]),
    (["{a} {d} at {c}"], []), (["{a}", "{g}"], ["Reply"]), (["{a}", "{g}"], ["Like", "Reply"]),
    (["{a} \u2022 {g}"], ["{k} \u2022 Reply \u2022 Share \u203a"]),
    (["{a} \u00b7 {g}"], ["Like \u00b7 Reply \u00b7 {k}"]),
    ([], ["Posted by: {a} | {d} at {c}"]), ([], ["Posted by {a} on {d} {c}"]),
    ([], ["{a} on {d} at {c}"]), ([], ["{a}"]), ([], ["{d} {c}"]), ([], ["- {a}"]),
    (["{a} wrote:"], []), (["{a} said..."], ["{d} {c}"]), (["{a} said:"], []),
    (["{a} {k} points {g}"], ["permalink", "save", "report", "reply"]),
    (["[-] {a} {k} points {g}"], []), (["{k} points by {a} {g} | parent"], ["reply"]),
    (["{a} {g} [-]"], ["reply"]), (["{a} {g} | parent | next [\u2013]"], []),
    (["#{n} {a}", "{d}, {c}"], []), (["{n}. {a}"], ["{d} {c}", "Reply"]),
    (["{n}", "{a}", "{d} {c}"], []), (["Comment {n} by {a}"], []), (["{a}"], []),
    (["{a}", "{d}"], []), (["{a}:"], []), (["{d}, {c}"], []), (["{g}"], ["Recommend {k}", "Flag"]),
    (["{a} in reply to {b}", "{g}"], ["{k} Likes"]), (["{a} @{h} {g}"], []),
    (["Anonymous {d} {c}"], ["Reply Delete"]), (["By {a} on {d} {c}"], []),
    (["{a} ({k}) writes: on {d} @{c}"], ["Reply to This", "Share"]),
    (["{k}", "{a}", "{g}"], ["Report"]), (["{a}", "Posts: {k}", "Posted: {d} {c}"], []),
    (["{a}", "Member", "{d} at {c}"], ["Report abuse"]), (["{a} | {d} | {c}"], []),
    (["Submitted by {a} on {d} - {c}."], ["reply"]), (["{d} at {c} {a} said"], []),
    (["{a} commented {g}"], ["{k} Reactions"]), (["Avatar", "{a}", "{d} {c}"], ["Upvote {k}", "Reply"]),
]

TOP = ["Home", "News", "Sport", "Opinion", "Business", "World", "Politics", "Culture", "Weather", "Menu",
       "Log in", "Sign in", "Subscribe", "Skip to content", "Search", "Newsletters", "Video", "Jobs",
       "Contact us", "About", "My account", "Register", "Today's paper", "Local", "Travel", "Tech"]
INSIDE = ["Advertisement", "ADVERTISEMENT", "Advertisement - Continue reading below",
          "Story continues below advertisement", "Read more: {t}", "Related: {t}", "READ MORE", "{t}",
          "Follow us on Twitter", "Sign up for our daily newsletter", "Share this article",
          "Image: {a}/Getty Images", "Click here to subscribe", "SEE ALSO: {t}", "Watch: {t}",
          "Join our channel", "More: {t}", "Loading...", "Sponsored", "Article continues after this ad",
          "Get the latest news straight to your inbox.", "Share", "Photo: {a}", "Listen to this article"]
AFTER = ["Share this:", "Tweet", "Share", "Like this:", "Like Loading...", "Email", "Print", "Facebook",
         "Twitter", "WhatsApp", "LinkedIn", "Related", "Related stories", "Related articles", "More on this",
         "Read next", "Most popular", "Most read", "Trending now", "Recommended for you", "Tags:",
         "Topics", "Filed under: News", "Tagged with: local, council", "Copyright {y}. All rights reserved.",
         "\u00a9 {y} All rights reserved", "Terms of use", "Privacy policy", "Cookie settings",
         "Previous article", "Next article", "\u00ab Previous {t}", "Next \u00bb {t}", "Back to top",
         "Send us a correction", "Got a tip? Write to our newsroom.", "Follow {a} on Twitter",
         "Sign up to our newsletter", "Support our journalism", "Subscribe now", "Read more", "Reuse this content",
         "This article was first published on {d}.", "Reporting by {a}; editing by {b}", "Contact {a} at the news desk"]
BIOGRAPHY = [
    "{a} is a reporter for this newspaper, covering business and local politics.",
    "{a} is a journalist who has covered the region since {y}. Before that, {a} worked as an editor at several magazines.",
    "{a} joined the newsroom in {y} after studying history and economics, and writes about transport and energy.",
    "{a} is our senior correspondent and the author of two books.",
    "{a} is a freelance writer based in the north. The opinions expressed are those of the author.",
    "About the author: {a} has written for national and international outlets for more than a decade.",
    "{a} is the editor of this page. Follow the author for more stories like this.",
]
EMPTY = ["Comments (0)", "0 Comments", "No comments yet", "Be the first to comment", "Leave a comment",
         "Leave a Reply", "Comments are closed.", "Join the discussion", "Post a comment", "Comments",
         "View comments", "You must be logged in to post a comment.",
         "Your email address will not be published. Required fields are marked *"]
HEADING = ["Comments", "{n} Comments", "COMMENTS", "Comments ({n})", "{n} Responses to \u201c{t}\u201d",
           "{n} comments so far", "Reader comments", "Join the conversation", "Leave a comment",
           "Add a comment", "Sort by: Newest", "Discussion", "{n} thoughts on \u201c{t}\u201d", "{n} replies",
           "Log in to comment", "Top comments", "Newest first", "Read all comments", "Community guidelines",
           "Please keep your comments respectful. Comments are moderated."]
BETWEEN = ["Advertisement", "Show more replies", "View {n} more replies", "Load more comments",
           "Continue this thread", "Comment deleted by moderator", "[deleted]", "Show hidden replies"]
LAST_LINES = ["Leave a Reply", "Load more comments", "Post a comment", "Comments are now closed.", "Name",
              "Email", "Website", "Submit", "Your email address will not be published.", "Older comments",
              "Page 1 of 3", "Next", "Show all comments", "Subscribe to comments", "Log in to reply",
              "Recent posts", "Archives", "Powered by our community", "Notify me of new comments via email."]
