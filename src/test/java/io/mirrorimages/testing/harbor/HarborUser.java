package io.mirrorimages.testing.harbor;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** A user, or a robot if the name begins with {@code robot$}, and what it may do. Thread-safe. */
public final class HarborUser {
  private final String name;
  private final String password;
  private final Map<String, Set<String>> rights = new ConcurrentHashMap<>();
  private volatile boolean admin;
  private volatile boolean creating;
  private volatile boolean creatingNone;
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

  /** A person whom Harbor lets create no project, for example by a plug-in. */
  public HarborUser creatingNone() {
    creatingNone = true;
    return this;
  }

  /** A robot of the system with the right to create projects, also where few others have it. */
  public HarborUser creating() {
    creating = true;
    return this;
  }

  /** A robot that may read a project, and its quota; with the rights in repositories alone none. */
  public HarborUser seeing(String project, String... what) {
    return allow(project, Stream.of(what).map(one -> one + ":read").toArray(String[]::new));
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

  /** A robot of one project has its name before a plus. */
  boolean isOfProject() {
    return isRobot() && name.indexOf('+') >= 0;
  }

  boolean mayCreate(boolean adminsOnly) {
    return admin || !isOfProject() && !creatingNone && (creating || !adminsOnly);
  }

  /** Whether the project itself, or its quota, may be read: of people all members may. */
  boolean sees(HarborProject project, String what) {
    return !isRobot() || rightsIn(project).contains(what + ":read");
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
