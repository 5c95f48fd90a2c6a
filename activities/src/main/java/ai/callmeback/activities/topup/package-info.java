/** Auto top-up: looks at credit, the saving of cards, and the e-mails about both. */
@org.jspecify.annotations.NullMarked
package ai.callmeback.activities.topup;
