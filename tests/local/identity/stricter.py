"""What the embedded identity server does otherwise than Google's emulator, and why.

Production is documented to do as the embedded server does, unless the reason says otherwise. The
tests named here are left out over the emulators; the calls the product itself makes are compared
one by one in `tests/differential`.
"""

SIGNS_NOTHING = "the emulator's tokens are unsigned and it checks no signature"
KEEPS_SESSIONS = "the emulator refreshes sessions that were revoked or outdated, as new sessions"
CODES = "the emulator keeps codes for ever, whatever becomes of their account"
VALIDATES_LESS = "the emulator refuses less, or in other words"
SETTINGS = "the emulator has fewer settings per project"
OUR_OWN = "about an address, a key or a clock that only the embedded server has"

REASONS = {
    SIGNS_NOTHING: """
        test_an_id_token_is_rs256_and_verifies_with_the_published_certificate
        test_an_id_token_carries_production_s_claims
        test_googles_verifier_accepts_a_token_with_our_certificates_address
        test_lookup_checks_every_claim_of_a_signed_token
        test_lookup_refuses_a_token_signed_with_another_key
        test_lookup_refuses_a_token_signed_with_the_certificate_as_a_secret
        test_lookup_refuses_an_unsigned_copy_of_a_good_token
        test_no_session_cookie_is_made_from_an_unsigned_token
        test_a_session_cookie_is_made_from_an_id_token_and_verifies
        test_the_right_password_gives_tokens
    """,
    KEEPS_SESSIONS: """
        test_a_changed_password_ends_other_sessions_and_not_the_one_that_changed_it
        test_a_deleted_account_cannot_refresh_nor_can_its_successor_with_old_tokens
        test_a_new_address_ends_sessions
        test_a_password_reset_ends_sessions
        test_a_password_set_by_an_administrator_ends_sessions
        test_a_refresh_after_revocation_is_refused_even_within_the_same_second
        test_a_refresh_gives_an_id_token_in_secure_tokens_words
        test_a_refresh_keeps_the_time_of_the_sign_in
        test_without_returnsecuretoken_there_is_no_refresh_token
    """,
    CODES: """
        test_a_code_dies_with_its_account
        test_a_code_does_nothing_for_a_disabled_account
        test_a_code_of_one_kind_does_nothing_of_another
        test_a_reset_spends_every_reset_code_of_the_address
        test_a_sign_in_link_is_left_to_the_application
        test_codes_sent_to_clients_wait_in_the_list
        test_with_address_hiding_a_reset_for_nobody_is_answered_and_sends_nothing
        test_flushing_removes_accounts_and_codes
    """,
    VALIDATES_LESS: """
        test_an_incomplete_request_for_a_code_is_refused
        test_a_malformed_admin_call_is_refused
        test_a_page_holds_1_to_1000_users
        test_an_imported_hash_that_is_not_base64_is_reported
        test_listing_never_shows_a_password_hash
        test_a_client_call_needs_an_api_key
        test_an_admin_field_of_the_wrong_type_is_a_bad_request
        test_a_call_without_a_token_is_refused
        test_a_person_cannot_set_what_only_administrators_may
        test_password_and_deletion_need_a_sign_in_of_the_last_five_minutes
        test_with_address_hiding_an_address_is_not_changed_without_a_mail
        test_a_bad_refresh_request_is_refused
        test_a_bad_custom_token_is_refused
        test_a_provider_answer_without_a_subject_is_refused
        test_a_verified_provider_address_takes_an_unproven_account_over
        test_what_only_production_refuses_is_refused_here
        test_a_session_cookie_lives_five_minutes_to_two_weeks
    """,
    SETTINGS: """
        test_self_deletion_can_be_switched_off
        test_a_setting_of_the_wrong_type_is_refused_and_changes_nothing
        test_address_hiding_is_on_in_a_new_project
        test_the_mask_chooses_what_is_taken_from_the_patch
        test_a_project_can_switch_passwords_off
        test_a_project_can_keep_registration_to_its_administrators
    """,
    OUR_OWN: """
        test_a_code_works_until_its_time_is_over
        test_a_token_is_refused_after_its_hour
        test_certificates_may_be_cached_for_an_hour_and_answers_may_not
        test_accounts_tokens_and_settings_of_two_projects_are_apart
        test_any_other_key_belongs_to_the_servers_own_project
    """,
}

STRICTER = {name: reason for reason, names in REASONS.items() for name in names.split()}
