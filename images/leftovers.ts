/**
 * What desktops and editors leave beside a file: never part of a build, whatever the ignore file says, or opening a folder
 * would give the image another tag and roll every pod.
 */
const names = new Set([".DS_Store", "Thumbs.db", "desktop.ini", ".directory", "4913"]);
const patterns = [
  /^\._/, // macOS, on file systems without its attributes
  /^\..*\.sw[a-p]$/, // vim
  /~$/, // vim, emacs, gedit, kate
  /^\.#/, // emacs: a lock, a link that leads nowhere
  /^#.*#$/, // emacs
  /\.kate-swp$/,
  /___jb_(tmp|old)___$/, // JetBrains
  /^\.goutputstream-/, // GNOME
];

/** @param name of a file, without its folder */
export function isLeftover(name: string): boolean {
  return names.has(name) || patterns.some((pattern) => pattern.test(name));
}
