"""A real OpenID provider for the tests: discovery, authorize, token, keys and end session, over HTTP in a thread.

It holds the client to the protocol: secret, address to go back to, PKCE and single use of the code. Somebody who wants to
cheat sets `spoil` (changes the claims), `sign` (signs in another way) or `answers` (answers an address with nonsense).
"""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

Claims = dict[str, Any]
# Made once: it is the slow part.
KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
CLIENT, SECRET = "tilskudd", "a secret of the client"
LIFETIME = 120


class IdentityServer:
    """The provider. `person` is who signs in when somebody comes; `seen` are the requests, by path."""

    def __init__(self) -> None:
        self.key = KEY
        self.person: Claims = {"sub": "person-1", "acr": "idporten-loa-high"}
        self.redirect_uris: set[str] = set()
        self.spoil: Callable[[Claims], Any] = lambda claims: None
        self.sign: Callable[[Claims], str] = self.signed
        self.answers: dict[str, tuple[int, str]] = {}
        self.codes: dict[str, dict[str, str]] = {}
        self.seen: list[tuple[str, dict[str, str]]] = []
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.issuer = f"http://127.0.0.1:{self.http.server_address[1]}"
        self.thread = threading.Thread(target=self.http.serve_forever, args=(0.01,), daemon=True)
        self.thread.start()

    def stop(self) -> None:
        """Close the door: whoever comes now is not let in at all."""
        self.http.shutdown()
        self.http.server_close()
        self.thread.join()

    def be_good(self) -> None:
        """Stop cheating."""
        self.spoil, self.sign, self.answers = lambda claims: None, self.signed, {}

    def signed(self, claims: Claims) -> str:
        return jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.key)

    def keys(self) -> dict[str, Any]:
        return dict(KeySet([self.key]).as_dict(private=False))

    def metadata(self) -> dict[str, Any]:
        addresses = {
            name: f"{self.issuer}/{path}"
            for name, path in (
                ("authorization_endpoint", "authorize"),
                ("token_endpoint", "token"),
                ("jwks_uri", "keys"),
                ("end_session_endpoint", "end"),
            )
        }
        return {"issuer": self.issuer, "code_challenge_methods_supported": ["S256"]} | addresses

    # --- What a browser and the client ask for ---

    def authorize(self, asked: dict[str, str]) -> tuple[int, str, dict[str, str]]:
        wanted = ("state", "nonce", "code_challenge")
        if asked.get("client_id") != CLIENT or asked.get("redirect_uri") not in self.redirect_uris:
            return 400, "unknown client or address to go back to", {}
        if asked.get("code_challenge_method") != "S256" or any(not asked.get(name) for name in wanted):
            return 400, "PKCE with S256, state and nonce are needed", {}
        code = secrets.token_urlsafe()
        self.codes[code] = {name: asked[name] for name in ("redirect_uri", "nonce", "code_challenge")}
        back = urlencode({"code": code, "state": asked["state"], "iss": self.issuer})
        return 302, "", {"Location": f"{asked['redirect_uri']}?{back}"}

    def token(self, asked: dict[str, str], authorization: str) -> tuple[int, str]:
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if authorization != f"Basic {basic}":
            return 401, json.dumps({"error": "invalid_client"})
        kept = self.codes.pop(asked.get("code", ""), None)
        digest = hashlib.sha256(asked.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if kept is None or kept["redirect_uri"] != asked.get("redirect_uri") or kept["code_challenge"] != challenge:
            return 400, json.dumps({"error": "invalid_grant"})
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + LIFETIME, "nonce": kept["nonce"]}
        claims |= self.person
        self.spoil(claims)
        tokens = {"access_token": secrets.token_urlsafe(), "token_type": "Bearer", "id_token": self.sign(claims)}
        return 200, json.dumps(tokens)

    def _handler(server: "IdentityServer") -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
                server.seen.append((parts.path, asked))
                if parts.path in server.answers:
                    self.say(*server.answers[parts.path])
                elif parts.path == "/.well-known/openid-configuration":
                    self.say(200, json.dumps(server.metadata()))
                elif parts.path == "/keys":
                    self.say(200, json.dumps(server.keys()))
                elif parts.path == "/authorize":
                    self.say(*server.authorize(asked))
                elif parts.path == "/end":
                    self.say(200, "<!doctype html><title>Out</title><h1>Signed out at the provider</h1>", html=True)
                elif parts.path == "/favicon.ico":
                    self.say(200, "")
                else:
                    self.say(404, "")

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                asked = {name: values[0] for name, values in parse_qs(body).items()}
                server.seen.append((self.path, asked))
                if self.path in server.answers:
                    self.say(*server.answers[self.path])
                elif self.path == "/token":
                    self.say(*server.token(asked, self.headers.get("Authorization", "")))
                else:
                    self.say(404, "")

            def say(self, status: int, body: str, headers: dict[str, str] | None = None, *, html: bool = False) -> None:
                self.send_response(status)
                said = body.encode()
                kind = "text/html" if html else "application/json"
                given = {"Content-Type": kind, "Content-Length": str(len(said))} | (headers or {})
                for name, value in given.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(said)

            def log_message(self, *_: Any) -> None:
                """The tests' output is for the tests."""

        return Handler
