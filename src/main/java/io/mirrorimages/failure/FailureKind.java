package io.mirrorimages.failure;

import java.util.Locale;

/**
 * Kinds of failure, of an image or of a whole run, as they stand in reports. What the process
 * returns for each of them is said by {@code cli}.
 */
public enum FailureKind {
  /** Not in the registry or archive, as a whole or in part. */
  MISSING("the registry or archive does not have the image, or a part of it"),
  /** Wrong or missing credentials, or no right. */
  DENIED("a registry refused: wrong or missing credentials, or no right"),
  /** The target's quota. */
  QUOTA("the target's quota is used up"),
  /** No connection, or a server out of order. */
  NETWORK("a connection could not be made or held, or a server was out of order"),
  /** Bytes without the digest or form that they must have. */
  CORRUPT("bytes did not have the digest or form that they must have"),
  /** Other digests than the user expects of images that are there. */
  DIGEST("images are there, but with other digests than a list gives them"),
  /** Of a kind that can't be mirrored. */
  UNSUPPORTED("the image is of a kind that can't be mirrored, or that the target does not take"),
  /** Nothing left by the platform filter. */
  FILTERED("the platform filter left nothing of it"),
  /** No room on the disk. */
  SPACE("no room on the disk"),
  /** Partly in a volume of the archive that was not given. */
  VOLUME("a part of it is in a volume of the archive that was not given"),
  /** Partly in the archive that this one was saved on top of, and not at the target. */
  BASE("a part of it is in the archive that this one is based on, and not at the target"),
  /** A server that a registry refers to, as a token service, does not do what it must. */
  SERVICE("a server that the registry refers to, as its token service, was of no use"),
  /** A file or folder that an option names does not exist. */
  FILE_MISSING("a file or folder that the command line names does not exist"),
  /** No right to read or write a file. */
  FILE_DENIED("no right to read or write a file"),
  /** The output is there already, or a file of another kind, and is not replaced. */
  EXISTS("a file is there already, and is not replaced"),
  /** Another run works on the same thing. */
  BUSY("another run is at work there"),
  /** The command line is wrong, or an option's value does not fit what is to be done. */
  OPTION("the command line is wrong, or an option's value does not fit what is to be done"),
  /** An image list can't be read, or has errors. */
  LIST("an image list can't be read, or has lines that are no images"),
  /** The address to listen on can't be had. */
  ADDRESS("the address to listen on is taken, or not of this machine"),
  /** A mistake of this program. */
  PROGRAM("a bug of this program: standard error has the lines to report");

  private final String meaning;

  FailureKind(String meaning) {
    this.meaning = meaning;
  }

  /** The lower-case name used in reports. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** What it means, as the documents say it. */
  public String meaning() {
    return meaning;
  }
}
