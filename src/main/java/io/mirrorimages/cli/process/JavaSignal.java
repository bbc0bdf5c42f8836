package io.mirrorimages.cli.process;

import java.lang.reflect.Proxy;

/**
 * A signal, by {@code sun.misc.Signal} of the module {@code jdk.unsupported}, which every JDK and
 * JRE has, and which the JDK keeps for want of another (JEP 260). It is called by name, because the
 * compiler warns of it and no annotation can answer that.
 */
final class JavaSignal {
  private final Class<?> type;
  private final Class<?> handlerType;
  private final Object signal;

  /**
   * The signal of that name.
   *
   * @param name without SIG, as {@code INT}
   * @throws ReflectiveOperationException on a Java without signals
   */
  JavaSignal(String name) throws ReflectiveOperationException {
    type = Class.forName("sun.misc.Signal");
    handlerType = Class.forName("sun.misc.SignalHandler");
    signal = type.getConstructor(String.class).newInstance(name);
  }

  int number() throws ReflectiveOperationException {
    return (int) type.getMethod("getNumber").invoke(signal);
  }

  /** What is called at it, on a daemon thread of its own for each time. */
  Object handler(Runnable action) {
    return Proxy.newProxyInstance(
        JavaSignal.class.getClassLoader(),
        new Class<?>[] {handlerType},
        (proxy, method, arguments) -> {
          action.run();
          return null;
        });
  }

  /** What the system does by itself. */
  Object systemHandler() throws ReflectiveOperationException {
    return handlerType.getField("SIG_DFL").get(null);
  }

  /** Whether a handler takes no notice of the signal. */
  boolean ignores(Object handler) throws ReflectiveOperationException {
    return handler.equals(handlerType.getField("SIG_IGN").get(null));
  }

  /**
   * Sets what is done at it.
   *
   * @return what was done before
   * @throws ReflectiveOperationException if the JVM keeps it for itself (-Xrs)
   */
  Object handle(Object handler) throws ReflectiveOperationException {
    return type.getMethod("handle", type, handlerType).invoke(null, signal, handler);
  }
}
