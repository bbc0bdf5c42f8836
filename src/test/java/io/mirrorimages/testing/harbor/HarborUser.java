package io.mirrorimages.testing.harbor;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A user, or a robot if the name begins with {@code robot$}, and what it may do. Thread-safe. */
public final class HarborUser {
  private final String name;
  private final String password;
  private final Map<String, Set<String>> rights = new ConcurrentHashMap<>();
  private volatile boolean admin;
  private volatile boolean mayCreate = true;
  private volatile boolean cliSecret;
  private volatile long lockedUntil = System.nanoTime();

  HarborUser(String name, String password) {
    this.name = name;
    this.password = password;
  }

  /** With all rights everywhere. */
  public HarborUser admin() {
    admin = true;
    return this;
  }

  /** Without the right to create projects. */
  public HarborUser creatingNone() {
    mayCreate = false;
    return this;
  }

  /** With the right to create projects, which robots have only if it is given. */
  HarborUser creating() {
    mayCreate = true;
    return this;
  }

  /** One whose password is an OIDC CLI secret: of the API it opens a few calls only. */
  public HarborUser withCliSecret() {
    cliSecret = true;
    return this;
  }

  /** With these rights in a project, or in any ({@code *}): pull, push, delete. */
  public HarborUser allow(String project, String... actions) {
    rights.computeIfAbsent(project, p -> ConcurrentHashMap.newKeySet()).addAll(Set.of(actions));
    return this;
  }

  /** The full name. */
  public String name() {
    return name;
  }

  boolean isRobot() {
    return name.startsWith("robot$");
  }

  boolean isAdmin() {
    return admin;
  }

  boolean mayCreate(boolean adminsOnly) {
    return admin || mayCreate && !adminsOnly;
  }

  boolean hasCliSecret() {
    return cliSecret;
  }

  Set<String> rightsIn(HarborProject project) {
    Set<String> all = new HashSet<>(rights.getOrDefault(project.name(), Set.of()));
    all.addAll(rights.getOrDefault("*", Set.of()));
    if (project.isPublic()) {
      all.add("pull");
    }
    return admin ? Set.of("pull", "push", "delete") : all;
  }

  /** Whether it is the password; a wrong one locks the name of a person for 1.5 seconds. */
  synchronized boolean logsIn(String secret) {
    boolean locked = lockedUntil - System.nanoTime() > 0;
    boolean right = password.equals(secret);
    if (!right && !isRobot()) {
      lockedUntil = System.nanoTime() + 1_500_000_000L;
    }
    return right && !locked;
  }
}
