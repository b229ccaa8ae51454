#!/bin/sh
# Makes the folder $1 the root of a machine, and runs the rest of the command line there.
# Its caller has put it into mount and process namespaces of its own: with its end, all is gone.
set -e
cd "$1" && shift
mount --make-rprivate /
mount --rbind . .
cd "$PWD" # into the mount
mount -t proc proc proc
if [ -n "$FOREIGN" ]; then # what the kernel knows of foreign files goes with its last mount
  mount --bind /proc/sys/fs/binfmt_misc proc/sys/fs/binfmt_misc
fi
mount --rbind /sys sys
mount -t tmpfs -o mode=755 machine dev
for node in null zero full random urandom tty; do
  : >"dev/$node"
  mount --bind "/dev/$node" "dev/$node"
done
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=0666,mode=620 machine dev/pts
mount -t tmpfs -o mode=1777 machine dev/shm
ln -s pts/ptmx dev/ptmx
for link in fd:fd stdin:fd/0 stdout:fd/1 stderr:fd/2; do
  ln -s "/proc/self/${link#*:}" "dev/${link%:*}"
done
if [ -n "$KEPT" ]; then
  mkdir -p ".$KEPT"
  mount --rbind "$KEPT" ".$KEPT"
fi
# A changed root would do to read files, but nobody gets a user namespace in one.
pivot_root . mnt
cd /
umount -l /mnt
"$@" & # not exec: process 1 takes up what others leave, and that is this shell
wait "$!"
