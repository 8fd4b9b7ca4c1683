"""What every source is read into, before it is rendered as pages."""


class Comment:
    def __init__(self, lines, author=None, time=None, parent=None):
        self.lines = lines      # paragraphs, never blank
        self.author = author
        self.time = time        # minutes, any origin
        self.parent = parent    # 1-based number, 0 the article, None unknown


class Page:
    def __init__(self, name, source, title, article, comments, group=None):
        self.name, self.source = name, source
        self.title, self.article, self.comments = title, article, comments
        self.group = group or name
        self.lines = None       # the page as published: [(role, text)], when that is known
