package io.mirrorimages.nodes.check;

import java.util.Locale;

/** What can be wrong with a node's configuration; names and meanings stand in the documents. */
public enum FindingKind {
  /** The reader refuses the file. */
  INVALID_FILE(Severity.ERROR, "the system does not start with this file, or drops all of it"),
  /** A key that no reader knows. */
  UNKNOWN_KEY(Severity.ERROR, "a key that is ignored in silence"),
  /** Indentation was lost. */
  FLATTENED(Severity.ERROR, "the file lost its indentation and is read as empty"),
  /** Blanks that are none. */
  ODD_SPACE(Severity.ERROR, "a no-break space or invisible character in place of a blank"),
  /** No effect at all. */
  NO_EFFECT(Severity.ERROR, "a file or entry without any effect"),
  /** A mirror without endpoints. */
  NO_ENDPOINT(Severity.WARNING, "a mirror without an endpoint"),
  /** A configs entry named auth or tls. */
  AUTH_BESIDE_HOST(Severity.ERROR, "auth or tls stands beside its host, not below it"),
  /** A key that is given twice. */
  DUPLICATE_KEY(Severity.WARNING, "the same key or endpoint twice"),
  /** A credential no attempt uses. */
  UNUSED_AUTH(Severity.ERROR, "credentials under a name that no request goes to"),
  /** Credentials that can't be decoded. */
  BAD_AUTH(Severity.ERROR, "credentials that can't be used"),
  /** A client certificate that is a server's. */
  SERVER_CERTIFICATE(Severity.ERROR, "a server's certificate is given as client certificate"),
  /** Half a pair. */
  CERT_WITHOUT_KEY(Severity.ERROR, "a client certificate without key, or a key without it"),
  /** A file that can't be read here. */
  UNREADABLE_FILE(Severity.WARNING, "a certificate or key file can't be read on this machine"),
  /** A path below the host that is no API root. */
  PATH_WITHOUT_V2(Severity.ERROR, "an endpoint with a path that does not begin with /v2"),
  /** An endpoint that is skipped. */
  BAD_ENDPOINT(Severity.ERROR, "an endpoint that can't be used, or has parts that are ignored"),
  /** http and certificates. */
  HTTP_WITH_TLS(Severity.WARNING, "an http endpoint with tls settings: https is tried first"),
  /** A rewrite that changes no image. */
  REWRITE_NEVER_MATCHES(Severity.WARNING, "a rewrite that changes no image of the list"),
  /** Two rewrites for one image. */
  REWRITE_OVERLAP(Severity.ERROR, "two rewrites fit one image; which one is used is random"),
  /** Not an RE2 expression. */
  REWRITE_INVALID(Severity.ERROR, "a rewrite that is no Go expression and is skipped"),
  /** Characters that break the written TOML. */
  REWRITE_UNSAFE(Severity.ERROR, "a backslash or quote in a rewrite breaks the mirror"),
  /** A group that is not there. */
  REWRITE_GROUP(Severity.ERROR, "a rewrite names a group that its pattern does not have"),
  /** The result is no repository name. */
  REWRITE_RESULT(Severity.ERROR, "a rewrite makes an invalid repository name"),
  /** Rewrites never apply to the default endpoint. */
  REWRITE_ON_DEFAULT(Severity.ERROR, "rewrites of an endpoint that is the registry itself"),
  /** An entry that hides the wildcard. */
  SHADOWS_WILDCARD(Severity.WARNING, "because of an entry the mirror \"*\" is not used for it"),
  /** The default endpoint stays. */
  DEFAULT_NOT_DISABLED(Severity.WARNING, "the default endpoint is asked although disabled"),
  /** Images without a mirror. */
  NOT_COVERED(Severity.WARNING, "images of the list that no mirror or rewrite covers"),
  /** No attempt at all, or none that works. */
  INCOMPLETE_MIRROR(Severity.ERROR, "no default endpoint, and the mirror lacks images"),
  /** A mirror for images that the list has not. */
  UNUSED_MIRROR(Severity.WARNING, "a mirror for a registry that no image of the list is of"),
  /** http under system-default-registry. */
  SYSTEM_DEFAULT_HTTP(Severity.ERROR, "system-default-registry without https, or not a host"),
  /** Another version is needed. */
  NEEDS_NEWER_VERSION(Severity.ERROR, "this version of K3s or RKE2 can't do that"),
  /** Versions differ. */
  VERSION_DEPENDENT(Severity.WARNING, "versions of K3s or RKE2 differ in that"),
  /** The bootstrap pulls go elsewhere. */
  READERS_DIFFER(Severity.WARNING, "the bootstrap pulls go elsewhere than those of the kubelet"),
  /** A project refuses the anonymous. */
  PRIVATE_PROJECT(Severity.ERROR, "the mirror refuses anonymous pulls"),
  /** The image's own registry is asked. */
  FALLS_BACK(Severity.WARNING, "the registry itself is asked where the mirror fails"),
  /** Two directories in config_path. */
  TWO_DIRECTORIES(Severity.ERROR, "config_path with two directories, read as one by containerd"),
  /** No host table. */
  NO_HOST_TABLE(Severity.ERROR, "hosts.toml without a [host] table"),
  /** mirrors beside config_path. */
  MIRRORS_WITH_CONFIG_PATH(Severity.ERROR, "mirrors beside config_path: the plugin does not load"),
  /** mirrors without config_path. */
  OLD_MIRRORS(Severity.WARNING, "mirrors in config.toml, which containerd 2.2 refuses"),
  /** A mirror with a path in daemon.json. */
  MIRROR_WITH_PATH(Severity.ERROR, "registry-mirrors of Docker with a path"),
  /** An alias or search list. */
  SHORT_NAME(Severity.WARNING, "names without registry lead to another image than docker.io's"),
  /** Logins that are not read. */
  HELPER_NOT_ASKED(Severity.WARNING, "credential helpers, which check does not run"),
  /** A key of daemon.json that is gone. */
  REMOVED_KEY(Severity.WARNING, "a key that Docker refuses from some version on"),
  /** registries.conf version 1. */
  OLD_FORMAT(Severity.ERROR, "registries.conf in the format of version 1");

  /** How bad it is. */
  public enum Severity {
    /** Makes the check fail. */
    ERROR,
    /** Worth a look. */
    WARNING;

    /** Lower case, as in output. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final Severity severity;
  private final String meaning;

  FindingKind(Severity severity, String meaning) {
    this.severity = severity;
    this.meaning = meaning;
  }

  /** How bad it is. */
  public Severity severity() {
    return severity;
  }

  /** What it means, as the documents say it. */
  public String meaning() {
    return meaning;
  }

  /** The name in output, such as {@code rewrite-overlap}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
