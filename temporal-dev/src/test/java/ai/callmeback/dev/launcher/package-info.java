/** The launcher script, run as a newcomer's machine would run it. */
package ai.callmeback.dev.launcher;
