"""On what kind of file system a file lies, and whether the locks of SQLite hold there; pure.

Source: Linux, proc_pid_mountinfo(5); SQLite, "SQLite Over a Network, Caveats and Considerations".
"""

import re

NETWORK = frozenset(
    {
        "9p",
        "afs",
        "beegfs",
        "ceph",
        "cifs",
        "coda",
        "davfs",
        "glusterfs",
        "gpfs",
        "lustre",
        "ncpfs",
        "nfs",
        "nfs4",
        "orangefs",
        "prl_fs",
        "pvfs2",
        "smb2",
        "smb3",
        "smbfs",
        "vboxsf",
        "vmhgfs",
    }
)
BY_FUSE = frozenset(
    {
        "ceph-fuse",
        "curlftpfs",
        "davfs",
        "gcsfuse",
        "glusterfs",
        "goofys",
        "juicefs",
        "lizardfs",
        "mfs",
        "moosefs",
        "rclone",
        "s3fs",
        "smbnetfs",
        "sshfs",
        "vmhgfs-fuse",
    }
)
ESCAPED = re.compile(r"\\([0-7]{3})")
MOUNT_POINT = 4


def file_system_of(path: str, *, mounts: str) -> str:
    """Return the kind of file system on which the absolute ``path`` lies; empty: not known.

    ``mounts`` is the text of ``/proc/self/mountinfo``. The mount point nearest to the path counts,
    and of several at one place the last.
    """
    nearest, kind = -1, ""
    for line in mounts.splitlines():
        fields, _dash, told = line.partition(" - ")
        parts = fields.split(" ")
        if len(parts) <= MOUNT_POINT or not told:
            continue
        at = ESCAPED.sub(lambda found: chr(int(found[1], 8)), parts[MOUNT_POINT])
        if _is_under(path, at) and len(at) >= nearest:
            nearest, kind = len(at), told.split(" ", 1)[0]
    return kind


def is_network(kind: str) -> bool:
    """Return whether files of this kind of file system may be written from several machines."""
    _fuse, _dot, helper = kind.partition("fuse.")
    return kind in NETWORK or helper in BY_FUSE


def _is_under(path: str, at: str) -> bool:
    return at in {"/", path} or path.startswith(f"{at}/")
