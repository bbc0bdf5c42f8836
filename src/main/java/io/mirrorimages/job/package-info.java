/**
 * The use cases, for {@code cli} and for programs that use this one as a library: what they need
 * comes in as values, and how they go is told to a listener; nothing here prints.
 */
package io.mirrorimages.job;
