/**
 * Whom a connection trusts and what it shows of itself: authorities of the system, of files and of
 * {@code certs.d} folders, client certificates, and keys in all their forms. {@link
 * io.mirrorimages.tls.Trust} is what a connection asks for.
 */
@NullMarked
package io.mirrorimages.tls;

import org.jspecify.annotations.NullMarked;
