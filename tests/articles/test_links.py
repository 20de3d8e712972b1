"""Links are asked of servers of the test's own on 127.0.0.1; a connection to anywhere else fails the test."""

import re
import socket
import ssl
import subprocess
import sys
import threading
from collections import defaultdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles import links
from articles.links import Answer, Reach, addresses_in, check, is_public

LOCAL = "127.0.0.1"
CERTIFICATE = Path(__file__).with_name("paper.example.pem")  # its own authority, for that one name, until 2120
PATIENT = {"timeout": 60, "in_all": 60}


@pytest.fixture(autouse=True)
def dialled(monkeypatch):
    """Whom anything here connected to, and that it was ourselves."""
    dialled = []
    connect = socket.socket.connect

    def to_ourselves(channel, address):
        dialled.append(address[0])
        assert address[0] == LOCAL
        connect(channel, address)

    monkeypatch.setattr(socket.socket, "connect", to_ourselves)
    yield dialled
    assert set(dialled) <= {LOCAL}


class Site(BaseHTTPRequestHandler):
    """Each path is what it answers: /404, /301?to=…, /head-405, /hangs, /drips, /endless, /babble."""

    def do_GET(self):
        self.server.asked.append((self.command, self.path, self.headers))
        path, _, to = self.path.partition("?to=")
        word = path.strip("/").split("/")[0]
        if method := getattr(self, f"do_{word}", None):
            method()
        else:
            self.say(self.status_for(word), to)

    def do_HEAD(self):
        self.do_GET()

    def status_for(self, word):
        if word.startswith("head-"):
            return int(word[5:]) if self.command == "HEAD" else 200
        return int(word) if word.isdigit() else 200

    def say(self, status, to=""):
        self.send_response(status)
        if to:
            self.send_header("Location", to)
        self.end_headers()

    def do_hangs(self):
        self.server.over.wait(60)

    def do_drips(self):
        while not self.server.over.wait(0.01):
            self.wfile.write(b"H")

    def do_endless(self):
        while not self.server.over.is_set():
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n" * 100)

    def do_babble(self):
        self.wfile.write(b"SSH-2.0-OpenSSH_9\r\n")

    def do_circle(self):
        self.say(302, "/circle")

    def do_umlaut(self):
        self.wfile.write("HTTP/1.1 302 Found\r\nLocation: /200/grün ist\r\n\r\n".encode())

    def log_message(self, *args):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self):
        super().__init__((LOCAL, 0), Site)
        self.asked = []
        self.over = threading.Event()

    def handle_error(self, request, client_address):
        """A caller who hangs up is nothing to print."""


@pytest.fixture
def server():
    server = Server()
    yield from serving(server)


def serving(server):
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.over.set()
    server.shutdown()
    server.server_close()
    thread.join()


NAMES = {
    "paper.example": [LOCAL],
    "localhost": ["127.0.0.1", "::1"],
    "inside.example": ["10.0.0.7"],
    "metadata.example": ["169.254.169.254"],
    "both.example": ["10.0.0.7", LOCAL],
}


def resolve(host, port):
    """As the system reads numbers in every spelling, and a table for names: nothing is asked of the network."""
    if host in NAMES:
        return NAMES[host]
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    return [each[4][0] for each in found]


def reach_of(server, **options):
    defaults = {"resolve": resolve, "ports": frozenset({server.server_port})}
    return Reach(**defaults | {"allowed": lambda address: str(address) == LOCAL} | options)


@pytest.fixture
def ask(server):
    """`ask("/path")` asks the test's server, `ask("http://…")` any address, as far as the reach goes."""

    def ask(address, **options):
        if re.match("/[^/]", address):
            address = f"http://paper.example:{server.server_port}{address}"
        answers = check([address], **{"reach": reach_of(server)} | PATIENT | options)
        assert list(answers) == [address] == [answers[address].address]
        return answers[address]

    return ask


# ---------------------------------------------------------------- which links a piece has


def test_an_editor_sees_each_link_of_the_body_once_and_in_order():
    body = (
        '<p><a href="https://b.example/?x=1&amp;y=2" rel="noopener">b</a> and <a href="http://a.example/">a</a></p>'
        '<p><a href="HTTPS://c.example/" title="see href">c</a>, <a href="http://a.example/">a again</a></p>'
        '<p><a href="//d.example/x" rel="noopener">d</a></p>'
    )
    assert addresses_in(body) == [
        *("https://b.example/?x=1&y=2", "http://a.example/", "HTTPS://c.example/", "//d.example/x"),
    ]


@pytest.mark.parametrize("href", ["/a-piece/", "#notes", "?page=2", "mailto:a@b.example", "tel:+44123"])
def test_our_own_pages_mail_and_telephones_are_not_asked(href):
    assert addresses_in(f'<p><a href="{href}">x</a></p>') == []


def test_a_picture_and_an_address_in_the_text_are_no_links():
    assert addresses_in('<figure><img src="https://a.example/x.jpg" alt=""></figure><p>https://a.example/</p>') == []


# ---------------------------------------------------------------- what an editor is told


@pytest.mark.parametrize(
    ("status", "state"),
    [
        *((200, "answers"), (204, "answers"), (304, "answers")),
        *((400, "refuses"), (404, "refuses"), (410, "refuses"), (451, "refuses")),
        *((401, "unsure"), (403, "unsure"), (405, "unsure"), (429, "unsure"), (999, "unsure")),
        *((500, "fails"), (502, "fails"), (503, "fails")),
    ],
)
def test_the_status_decides_what_an_editor_is_told(ask, status, state):
    answer = ask(f"/{status}")
    assert (answer.state, answer.status) == (state, status)
    assert bool(str(answer.reason)) is (state != "answers")
    assert answer.is_dead is (state in {"refuses", "fails"})


@pytest.mark.parametrize("status", [400, 403, 404, 405, 500, 501, 503])
def test_a_page_whose_server_does_not_know_head_is_not_called_dead(ask, server, status):
    assert ask(f"/head-{status}").state == "answers"
    assert [method for method, _path, _headers in server.asked] == ["HEAD", "GET"]


@pytest.mark.parametrize("status", [200, 401, 410, 429])
def test_a_server_is_not_bothered_twice_without_need(ask, server, status):
    ask(f"/{status}")
    assert [method for method, _path, _headers in server.asked] == ["HEAD"]


def test_a_server_hears_who_asks_and_for_which_site(ask, server):
    ask("/200/a b/grün?q=é&r=%20#part")
    _method, path, headers = server.asked[0]
    assert path == "/200/a%20b/gr%C3%BCn?q=%C3%A9&r=%20"
    assert headers["Host"] == f"paper.example:{server.server_port}"
    assert "link check" in headers["User-Agent"]


def test_a_page_that_moved_answers_from_its_new_place(ask, server):
    assert ask("/301?to=/302?to=/200").state == "answers"
    assert ask("/307?to=/308?to=/404").status == 404
    assert ask("/umlaut").state == "answers"
    assert server.asked[-1][1] == "/200/gr%C3%BCn%20ist"


def test_a_circle_of_redirects_ends_and_leaves_the_judgement_to_the_editor(ask, server):
    answer = ask("/circle")
    assert (answer.state, answer.reason) == ("unsure", links.TOO_MANY_REDIRECTS)
    assert len(server.asked) == links.MAX_REDIRECTS + 1


def test_a_redirect_that_says_no_address_is_an_answer(ask):
    assert ask("/302").state == "answers"


def test_a_name_that_is_no_servers_fails(ask, server):
    answer = ask(f"http://nobody.example:{server.server_port}/")
    assert (answer.state, answer.reason) == ("fails", links.NO_SUCH_NAME)


def test_a_server_that_is_off_fails(ask, server):
    with socket.create_server((LOCAL, 0)) as off:
        port = off.getsockname()[1]
    answer = ask(f"http://paper.example:{port}/", reach=reach_of(server, ports=frozenset({port})))
    assert (answer.state, answer.reason) == ("fails", links.OUT_OF_REACH)


@pytest.mark.parametrize("path", ["/hangs", "/drips"])
def test_a_server_that_never_comes_to_the_point_fails(ask, path):
    answer = ask(path, timeout=0.1)
    assert (answer.state, answer.reason) == ("fails", links.NO_ANSWER)


@pytest.mark.parametrize("path", ["/endless", "/babble"])
def test_a_server_that_talks_something_else_or_without_end_fails(ask, path):
    assert ask(path).state == "fails"


# ---------------------------------------------------------------- TLS


@pytest.fixture
def secure():
    server = Server()
    server.names = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    context.sni_callback = lambda _socket, name, _context: server.names.append(name)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    yield from serving(server)


def trusting():
    return ssl.create_default_context(cafile=str(CERTIFICATE))


def test_a_secure_page_answers_under_the_name_it_was_asked_by(ask, secure):
    reach = reach_of(secure, tls=trusting)
    assert ask(f"https://paper.example:{secure.server_port}/", reach=reach).state == "answers"
    assert ask(f"//paper.example:{secure.server_port}/", reach=reach).state == "answers"
    assert set(secure.names) == {"paper.example"}


@pytest.mark.parametrize(("host", "tls"), [("paper.example", ssl.create_default_context), (LOCAL, trusting)])
def test_a_server_that_cannot_prove_its_name_fails(ask, secure, host, tls):
    answer = ask(f"https://{host}:{secure.server_port}/", reach=reach_of(secure, tls=tls))
    assert (answer.state, answer.reason) == ("fails", links.BAD_CERTIFICATE)
    assert secure.asked == []


# ---------------------------------------------------------------- our own network stays out of reach


INSIDE = [
    *("0.0.0.0", "10.1.2.3", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.8.8.8", "169.254.169.254"),
    *("172.16.0.1", "172.31.255.255", "192.0.0.192", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1"),
    *("198.51.100.1", "203.0.113.9", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "168.63.129.16"),
    *("::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::ffff:0:10.0.0.1", "64:ff9b::7f00:1"),
    *("64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::", "3fff::1", "5f00::1", "fc00::1"),
    *("fd00:ec2::254", "fe80::1", "fe80::1%1", "fec0::1", "ff02::1"),
]
OUTSIDE = ["1.1.1.1", "8.8.8.8", "100.128.0.1", "172.32.0.1", "192.0.1.1", "223.255.255.255", "2606:4700::1111"]


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_inside_is_not_public(address):
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", OUTSIDE)
def test_an_address_of_the_internet_is_public(address):
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "127.1", "0", "0.0.0.0", "2130706433", "0x7f000001", "0x7f.1", "017700000001", "0177.0.0.01"),
        *("localhost", "LOCALHOST", "inside.example", "metadata.example", "2852039166", "①②⑦.⓪.⓪.①", "127。0。0。1"),
        *("[::]", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::127.0.0.1]"),
        *("[fe80::1]", "[fd00:ec2::254]"),
    ],
)
def test_no_spelling_of_an_inside_address_is_asked(server, dialled, host):
    address = f"http://{host}:{server.server_port}/"
    reach = Reach(resolve=resolve, ports=frozenset({server.server_port}))  # and what is allowed as on the site
    assert check([address], reach=reach, **PATIENT)[address] == Answer(address, "not asked", reason=links.NOT_PUBLIC)
    assert dialled == []


@pytest.mark.parametrize(
    "address",
    [
        *("http://paper.example@127.0.0.1/", "http://user:word@paper.example/", "http://paper.example%40x@inside/"),
        *("http://inside.example\\@paper.example/", "http:\\\\127.0.0.1/", "http:/\\127.0.0.1/", "http:127.0.0.1"),
        *(
            "ftp://paper.example/",
            "file:///etc/passwd",
            "gopher://paper.example/",
            "/etc/passwd",
            "javascript:alert(1)",
        ),
        *(
            "http://",
            "http:///x",
            "http://[::1",
            "http://[fe80::1%25lo]/",
            "http://paper.example:99999/",
            "http://a..b/",
        ),
        *(
            "http://paper.example\x00.evil.example/",
            "http://pa per.example/",
            "http://%31%32%37.0.0.1/",
            "",
            " ",
            "\ud800",
        ),
        *("http://paper.example:x/", "https://paper.example/\ud800", "http://paper.example/" + "x" * 5000),
    ],
)
def test_what_browsers_and_programs_read_differently_is_not_asked(server, dialled, address):
    reach = reach_of(server, ports=frozenset({80, 443}))
    answer = check([address], reach=reach, **PATIENT)[address]
    assert (answer.state, answer.reason) == ("not asked", links.NOT_AN_ADDRESS)
    assert dialled == []


@pytest.mark.parametrize("port", [0, 22, 25, 6379, 5432, 8000])
def test_services_that_are_no_web_servers_are_not_asked(dialled, port):
    address = f"http://paper.example:{port}/"
    reach = Reach(resolve=resolve, allowed=lambda _address: True)
    answer = check([address], reach=reach, **PATIENT)[address]
    assert (answer.state, answer.reason) == ("not asked", links.ODD_PORT)
    assert dialled == []


@pytest.mark.parametrize(
    ("to", "reason"),
    [
        ("http://inside.example:{port}/", links.NOT_PUBLIC),
        ("http://[::1]:{port}/", links.NOT_PUBLIC),
        ("//169.254.169.254:{port}/latest/meta-data/", links.NOT_PUBLIC),
        ("http://paper.example:6379/", links.ODD_PORT),
        ("file:///etc/passwd", links.NOT_AN_ADDRESS),
        ("http://x@inside.example:{port}/", links.NOT_AN_ADDRESS),
    ],
)
def test_a_strangers_redirect_leads_nowhere_inside(ask, server, dialled, to, reason):
    answer = ask("/302?to=" + to.format(port=server.server_port))
    assert (answer.state, answer.reason) == ("not asked", reason)
    assert len(dialled) == 1


def test_a_name_that_changes_its_mind_is_connected_to_as_it_was_judged(ask, server, dialled):
    looked_up = defaultdict(int)

    def rebinding(host, port):
        looked_up[host] += 1
        return [LOCAL] if looked_up[host] == 1 else ["10.0.0.7"]

    reach = reach_of(server, resolve=rebinding)
    assert ask("/head-405", reach=reach).state == "answers"
    assert dialled == [LOCAL, LOCAL]
    assert ask("/200", reach=reach).reason == links.NOT_PUBLIC


def test_of_a_name_that_stands_for_both_only_the_public_address_is_asked(ask, server, dialled):
    assert ask(f"http://both.example:{server.server_port}/").state == "answers"
    assert dialled == [LOCAL]


def test_the_site_itself_asks_the_internet_only():
    assert Reach() == links.THE_INTERNET
    assert (links.THE_INTERNET.allowed, links.THE_INTERNET.ports) == (is_public, frozenset({80, 443, 8080, 8443}))
    context = links.THE_INTERNET.tls()
    assert (context.check_hostname, context.verify_mode) == (True, ssl.CERT_REQUIRED)


# ---------------------------------------------------------------- bounds


def test_many_links_are_each_answered_once_and_in_order(server):
    site = f"http://paper.example:{server.server_port}"
    addresses = [f"{site}/{status}" for status in (200, 404, 500)] + [f"{site}/200", "http://inside.example/"]
    answers = check(addresses, reach=reach_of(server), at_once=2, **PATIENT)
    assert list(answers) == [*addresses[:3], addresses[4]]
    assert [answer.state for answer in answers.values()] == ["answers", "refuses", "fails", "not asked"]
    assert check([], **PATIENT) == {}


def test_links_above_the_bound_are_left_for_another_time(server):
    addresses = [f"mailto:{number}@paper.example" for number in range(links.MOST + 3)]
    answers = list(check(addresses, reach=reach_of(server), **PATIENT).values())
    assert [answer.reason for answer in answers[links.MOST - 1 :]] == [links.NOT_AN_ADDRESS, *[links.OVER_BUDGET] * 3]


def test_an_editor_is_not_kept_waiting_by_servers_that_hang(server):
    site = f"http://paper.example:{server.server_port}"
    answers = check([f"{site}/hangs/{n}" for n in range(9)], reach=reach_of(server), timeout=60, in_all=0.2)
    assert {(answer.state, answer.reason) for answer in answers.values()} == {("not asked", links.OUT_OF_TIME)}


def test_a_resolver_that_hangs_holds_up_neither_the_answer_nor_the_end_of_the_process():
    program = (
        "import threading\n"
        "from articles.links import Reach, check\n"
        "reach = Reach(resolve=lambda host, port: threading.Event().wait())\n"
        "print(check(['http://a.example/'], in_all=0.1, reach=reach)['http://a.example/'].state)\n"
    )
    root = Path(__file__).parents[2]
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=root, capture_output=True, check=True, text=True, timeout=60
    )
    assert (ran.stdout, ran.stderr) == ("not asked\n", "")


@given(st.one_of(st.text(), st.text().map("http://{}".format), st.text().map("http://paper.example/{}".format)))
def test_no_string_is_too_odd_to_be_answered(address):
    def nobody(host, port):
        raise socket.gaierror

    answers = check([address], reach=Reach(resolve=nobody), **PATIENT)
    assert answers[address].state in {"fails", "not asked"}
