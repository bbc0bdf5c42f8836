/**
 * What must not be shown: the secrets that this process has sent or followed, and what looks like
 * one. {@link io.mirrorimages.secret.Secrets#add} is called where a secret goes out, {@link
 * io.mirrorimages.secret.Secrets#mask} where text does. Imports nothing of the project.
 */
@NullMarked
package io.mirrorimages.secret;

import org.jspecify.annotations.NullMarked;
