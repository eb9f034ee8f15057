from __future__ import annotations

import pytest

from steps.lib.secret_search.patterns import ALLOWED, secrets_in

# Put together here, so that no scanner takes this file for one with secrets.
HEX = "0123456789abcdef" * 2
SECRETS = {
    "private key": "-----BEGIN " + "RSA PRIVATE KEY-----",
    "Databricks personal access token": f"token = 'dapi{HEX}'",
    "Databricks OAuth secret": f"dose{HEX}",
    "Entra client secret": "x = abc8Q" + "~" + "aB3" * 11,
    "Azure DevOps personal access token": "a1B2" * 19 + "AZDO" + "x9Y8",
    "Azure storage account key": "AccountName=a;AccountKey=" + "Ab1+" * 21 + "Cd" + "==;",
    "Azure shared access signature": "https://a.test/b?sv=2024&sig=" + "aB3%2F" * 8,
    "password in an address": "https://anna:" + "s3cret@example.com/x",
    "AWS access key": "AKIA" + "ABCDEFGH12345678",
    "GitHub token": "ghp_" + "aB3x" * 9,
    "Slack token": "xoxb-" + "1234567890-ab",
    "signed token (JWT)": "eyJ" + "hbGciOiJSUzI1" + ".eyJ" + "zdWIiOiIxMjM0" + "." + "s" * 30,
}


@pytest.mark.parametrize(("kind", "text"), SECRETS.items(), ids=SECRETS)
def test_a_secret_is_found_in_its_line(kind: str, text: str) -> None:
    assert list(secrets_in(f"first\n{text}\n")) == [(2, kind)]


@pytest.mark.parametrize("text", [
    "dapi_token = os.environ['TOKEN']", "0123456789abcdef0123456789abcdef01234567", "https://anna@example.com/x",
    "https://example.com:8080/a@b", "https://{user}:{password}@host.test", "redis://:$PASSWORD@host.test",
    "-----BEGIN PUBLIC KEY-----", "pandas==2.2.3", "AccountKey=<key>", "abfss://container@account.dfs.core.windows.net/a",
], ids=str)
def test_what_only_resembles_a_secret_is_left_alone(text: str) -> None:
    assert list(secrets_in(text)) == []


def test_a_line_that_says_it_holds_none_is_left_alone() -> None:
    assert list(secrets_in(f"{SECRETS['AWS access key']}  # {ALLOWED}")) == []
