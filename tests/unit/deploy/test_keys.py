"""A new master key never costs the old one."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from contracts.topics import SERVICES
from deploy.errors import LaunchError
from deploy.keys import forget_previous_master_key, kept_keys, renew_master_key
from deploy.ports import Ports
from deploy.settings import Town


def test_a_renewed_master_key_keeps_the_one_before_beside_it(tmp_path: Path) -> None:
    before = kept_keys(tmp_path)
    assert before.previous_master_key == ""
    renew_master_key(tmp_path)
    after = kept_keys(tmp_path)
    assert after.previous_master_key == before.master_key
    assert after.master_key != before.master_key
    assert (tmp_path / "master-key-previous").stat().st_mode & 0o077 == 0


def test_a_third_master_key_waits_until_the_change_is_finished(tmp_path: Path) -> None:
    kept_keys(tmp_path)
    renew_master_key(tmp_path)
    held = kept_keys(tmp_path)
    with pytest.raises(LaunchError, match="not finished"):
        renew_master_key(tmp_path)
    assert kept_keys(tmp_path) == held
    forget_previous_master_key(tmp_path)
    renew_master_key(tmp_path)
    assert kept_keys(tmp_path).previous_master_key == held.master_key


def test_a_renewal_cut_between_its_two_files_is_done_again(tmp_path: Path) -> None:
    present = kept_keys(tmp_path).master_key
    (tmp_path / "master-key-previous").write_text(present)  # and the new key was never written
    renew_master_key(tmp_path)
    assert kept_keys(tmp_path).previous_master_key == present
    assert kept_keys(tmp_path).master_key != present


def test_only_documents_is_given_the_master_keys_and_the_previous_one_while_there_is_one(
    tmp_path: Path,
) -> None:
    kept_keys(tmp_path)
    assert "previous_master_key" not in documents_settings(tmp_path)
    renew_master_key(tmp_path)
    keys, settings = kept_keys(tmp_path), documents_settings(tmp_path)
    assert settings["master_key"] == keys.master_key
    assert settings["previous_master_key"] == keys.previous_master_key


def documents_settings(folder: Path) -> Mapping[str, object]:
    databases = dict.fromkeys(SERVICES, "postgresql://nowhere")
    town = Town(Ports(18_000), kept_keys(folder), "embedded", databases, folder, {})
    by_name = {process.name: process.settings for process in town.processes()}
    assert not any("master_key" in by_name[name] for name in by_name if name != "documents")
    return by_name["documents"]
