"""Google's client for Python against a server of ours: by the discovery document, nothing changed but
the address. Run by run.sh, which installs the client."""

import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "serve"))

from googleapiclient import discovery, errors  # noqa: E402
from harness import Server, main  # noqa: E402


class Client(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server().start()

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    def client(self, **how):
        address = f"http://{self.server.host}:{self.server.port}/$discovery/rest?version=v1alpha1"
        return discovery.build("commentanalyzer", "v1alpha1", discoveryServiceUrl=address,
                               static_discovery=False, **how)

    def test_analyze(self):
        body = {"comment": {"text": "You are an idiot."}, "languages": ["en"],
                "requestedAttributes": {"TOXICITY": {}, "PROFANITY": {"scoreThreshold": 0.999}}}
        for how in ({"developerKey": "any"}, {}):
            answer = self.client(**how).comments().analyze(body=body).execute()
            self.assertGreater(answer["attributeScores"]["TOXICITY"]["summaryScore"]["value"], 0.8)
            self.assertNotIn("PROFANITY", answer["attributeScores"])

    def test_errors(self):
        body = {"comment": {"text": "Das ist doch nicht dein Ernst, du hast keine Ahnung."},
                "requestedAttributes": {"TOXICITY": {}}}
        with self.assertRaises(errors.HttpError) as caught:
            self.client(developerKey="any").comments().analyze(body=body).execute()
        self.assertEqual(caught.exception.resp.status, 400)
        self.assertIn("Attribute TOXICITY does not support request languages", caught.exception.reason)
        self.assertIn("LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE", str(caught.exception))

    def test_suggestscore(self):
        body = {"comment": {"text": "Nobody asked you."}, "clientToken": "t-1",
                "attributeScores": {"TOXICITY": {"summaryScore": {"value": 1}}}}
        answer = self.client(developerKey="any").comments().suggestscore(body=body).execute()
        self.assertEqual(answer["clientToken"], "t-1")


if __name__ == "__main__":
    main()
